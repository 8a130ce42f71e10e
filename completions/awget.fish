# completions/awget.fish: completion for fish. What it offers is read from awget --help, so it is never out of date.

# The word that is being completed, without the option that it is behind.
function __awget_word
    commandline -ct | string replace -r -- '^--[^=]*=' ''
end

# KIND=FILE: a kind of the arguments, then a file.
function __awget_kind_file
    set -l word (__awget_word)
    if string match -q -- '*=*' $word
        set -l part (string split -m 1 = -- $word)
        printf '%s\n' $part[1]=(__fish_complete_path $part[2])
    else
        printf '%s=\n' $argv
    end
end

# @FILE
function __awget_at_file
    set -l word (__awget_word)
    if string match -q -- '@*' $word
        printf '%s\n' @(__fish_complete_path (string sub -s 2 -- $word))
    end
end

complete -c awget -f -a '(__fish_print_hostnames)'
complete -c awget -n '__fish_seen_argument -l compare' -F
for line in (command awget --help 2>/dev/null)
    # no group is left out where it matches nothing
    set -l part (string match -r -- '^ +((?:-.)?),? +--([a-z0-9.-]+)((?: A B| [^ ]+)?) +(.*)$' $line)
    or continue
    set -l option -c awget -l $part[3] -d $part[5]
    test -z $part[2]
    or set -a option -s (string sub -s 2 -- $part[2])
    set -l values (string replace -r -- ' \(.*' '' $part[5] | string replace -a -- , '')
    switch (string trim -- $part[4])
        case ''
            complete $option
        case FILE 'A B'
            complete $option -r -F
        case 'KIND=FILE'
            complete $option -x -a "(__awget_kind_file $values)"
        case FORMAT NAME
            complete $option -x -a $values
        case LINE TEMPLATE
            complete $option -x -a '(__awget_at_file)'
        case ADDR
            complete $option -x -a '(__fish_print_interfaces)'
        case WHEN
            complete $option -x -a 'auto always never'
        case WHICH
            complete $option -x -a 'failed ok changed'
        case SCHEME
            complete $option -x -a 'http https'
        case VERSION
            complete $option -x -a '1.0 1.1 1.2 1.3'
        case '*'
            complete $option -x
    end
end
