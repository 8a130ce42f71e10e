#!/bin/bash
# The recipe of awget-scale(7) for Slurm: an array of tasks shares a list, one of them is requeued in the middle, and there is
# one record for each target, the same as from one machine. Submitted again, it fetches nothing.
. "${0%/*}/net.sh"
slow
costly
need munged slurmctld slurmd sbatch squeue scontrol jq python3
targets=40 gate=18 # which is of task 2 of 4
serve --ipv4 --verbose --port 80
cd "$tmp" || exit

# Slurm as one machine has it, all of it in this folder. It takes no address while there is only 127.0.0.1.
ip addr add 10.77.0.1/32 dev lo || skip 'no address'
node=$(uname -n)
node=${node%%.*}
echo "127.0.0.1 $node" >>/etc/hosts
mkdir munge state spool
head -c 64 /dev/urandom >munge/key
chmod 400 munge/key
cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthInfo=socket=$tmp/munge/socket,cred_expire=5
StateSaveLocation=$tmp/state
SlurmdSpoolDir=$tmp/spool
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmdPidFile=$tmp/slurmd.pid
SlurmctldLogFile=$tmp/slurmctld.log
SlurmdLogFile=$tmp/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
SlurmdParameters=config_overrides
MpiDefault=none
KillWait=5
NodeName=$node NodeAddr=127.0.0.1 CPUs=4
PartitionName=all Nodes=$node Default=YES
END
export SLURM_CONF=$tmp/slurm.conf
munged --force --socket "$tmp/munge/socket" --key-file "$tmp/munge/key" --pid-file "$tmp/munge/pid" \
	--log-file "$tmp/munge/log" --seed-file "$tmp/munge/seed" 2>munge/said || fail "munged: $(cat munge/said)"
slurmctld -c || fail "slurmctld: $(cat slurmctld.log)"
slurmd || fail "slurmd: $(cat slurmd.log)"
idle() { [ "$(sinfo -h -o %T)" = idle ]; }
wait_for idle

# The list: some are good, some are not, and one waits at the gate.
exec 8< <(exec python3 "$here/gate.py" 127.0.0.1 81)
read -r _ <&8 || fail 'no gate'
for ((i = 1; i <= targets; i++)); do
	case $i in
	"$gate") echo 127.0.0.1:81 ;;
	*5) printf '\n# a comment\n127.0.0.1/status/404?%d # another\n' $i ;;
	*6) echo "127.0.0.1/ $i" ;;
	*) echo "127.0.0.1/?$i" ;;
	esac
done >hosts.txt
recipe awget-scale.7 '" tag=" ++n' >commands
. ./commands

# submit: the recipe itself, with four tasks, two at once
recipe awget-scale.7 '#SBATCH' | sed 's/--array=.*/--array=0-3%2/' >heads.sbatch
recipe awget-scale.7 'sbatch heads' >commands
submit()
{
	run sh commands
	expect_status 0
	job=$(sed 's/.* //' "$tmp/out")
}
over() { [ -z "$(squeue -h)" ]; }
submit

# a task waits at the gate, and has told the rest of its targets
read -r -t 60 _ <&8 || fail "nobody came to the gate: $(cat slurmctld.log)"
told() { [ "$(wc -l <heads.d/2.ndjson)" -eq $((targets / 4 - 1)) ]; }
wait_for told
scontrol requeue "${job}_2" || fail 'not requeued'
wait_for over
grep -q '^awget: interrupted: 1 target unfinished$' heads.d/2.log || fail "it was not interrupted: $(cat heads.d/*.log)"

# complete: one record for each target, as the page finds out
complete()
{
	run sh check
	expect_status 0
	expect_no_out
	expect_no_err
}
recipe awget-scale.7 'diff - tags' >check
complete
! grep '^http' "$serve_err" | sort | uniq -d | grep . || fail 'what had a record was fetched again'

# the same as one machine has, times and what is counted by task left out
rest() { jq -cS 'del(.n, .time, .timing)' "$@" | sort; }
run awget --json -i numbered.txt
expect_status 2
rest heads.d/*.ndjson >several
same several several < <(rest "$tmp/out")

# again: all is done, nothing is fetched
cat heads.d/*.ndjson >before
asked=$(wc -l <"$serve_err")
submit
wait_for over
cat heads.d/*.ndjson | cmp - before || fail 'records were touched'
[ "$(wc -l <"$serve_err")" -eq "$asked" ] || fail 'something was fetched again'
kill "$(cat slurmd.pid)" "$(cat slurmctld.pid)" "$(cat munge/pid)"
