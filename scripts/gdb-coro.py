# scripts/gdb-coro.py: coroutines in gdb: `source scripts/gdb-coro.py`, or gdb -x scripts/gdb-coro.py, then
#
#	coros       every live coroutine: its address, its name, and where it stands
#	coro ADDR   the backtrace of one
#
# Works in a stopped process and in a core that the kernel wrote (gdb's own stop at guard pages). Nothing is written: a coroutine's registers are shown to gdb as those of the
# caller of the innermost frame.
import re

import gdb
from gdb.unwinder import Unwinder

PAGE = 4096


def runtime(name):
    return gdb.parse_and_eval("'rt/%s'::%s" % tuple(name.split(':')))


def words(address, n):
    return [gdb.Value(w) for w in
            memoryview(gdb.selected_inferior().read_memory(address, 8 * n)).cast('B').cast('Q').tolist()]


def chain():
    """The running coroutine, whoever resumed it, and so on."""
    c, found = runtime('coro.c:current'), []
    while c:
        found.append(c)
        c = c['resumer']
    return found


def place(c):
    """Where a coroutine that is not running stopped. One that waits for another that it resumed stands in that one's sp."""
    for inner in chain():
        if inner['resumer'] == c:
            return int(inner['sp'])
    return int(c['sp'])


def registers(sp):
    """The registers that the switch saved, by name: see src/rt/switch_*."""
    arm = gdb.selected_frame().architecture().name().startswith('aarch64')
    try:
        saved = gdb.Value(sp).cast(gdb.lookup_type('struct place').pointer())['context']['uc_mcontext']
        if arm:
            names = ['x%d' % i for i in range(19, 31)] + ['sp', 'pc']
            values = [saved['regs'][i] for i in range(19, 31)] + [saved['sp'], saved['pc']]
        else:
            names = ['r12', 'r13', 'r14', 'r15', 'rbp', 'rbx', 'rsp', 'rip']
            values = [saved['gregs'][i] for i in (4, 5, 6, 7, 10, 11, 15, 16)]
    except gdb.error:  # a switch of our own
        if arm:
            names = ['x29', 'pc'] + ['x%d' % i for i in range(19, 29)] + ['sp']
            values = words(sp, 12) + [gdb.Value(sp + 160)]
        else:
            names = ['r15', 'r14', 'r13', 'r12', 'rbx', 'rbp', 'rip', 'rsp']
            values = words(sp, 7) + [gdb.Value(sp + 56)]
    word = gdb.lookup_type('unsigned long')
    return {n: v.cast(word) for n, v in zip(names, values)}


class Frame:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class Elsewhere(Unwinder):
    """While it has registers, they are the caller's of the innermost frame."""

    def __init__(self):
        super().__init__('coroutine')
        self.saved = self.innermost = None

    def __call__(self, pending):
        sp, pc = pending.read_register('sp'), pending.read_register('pc')
        if not self.saved or int(sp) != self.innermost:
            return None
        # as if it were below all stacks: gdb takes a caller that is not above the called for a corrupt stack
        info = pending.create_unwind_info(Frame(gdb.Value(PAGE).cast(sp.type), pc))
        for name, value in self.saved.items():
            info.add_saved_register(name, value)
        return info


elsewhere = Elsewhere()
gdb.unwinder.register_unwinder(None, elsewhere, replace=True)


class standing_in:
    """with standing_in(c): the frames older than the newest are those of c."""

    def __init__(self, c):
        self.sp = place(c)

    def __enter__(self):
        elsewhere.innermost = int(gdb.newest_frame().read_register('sp'))
        elsewhere.saved = registers(self.sp)
        gdb.invalidate_cached_frames()

    def __exit__(self, *why):
        elsewhere.saved = None
        gdb.invalidate_cached_frames()


def memory():
    """The writable memory that comes from no file; of a process, else of a core. AddressSanitizer's terabytes hold none."""
    for line in gdb.execute('info proc mappings', to_string=True).splitlines():
        m = re.match(r' *(0x[0-9a-f]+) +(0x[0-9a-f]+) +0x[0-9a-f]+ +0x[0-9a-f]+ +(rw-p +)?(\[.*)?$', line)
        if m and int(m[2], 16) - int(m[1], 16) < 1 << 40:
            yield int(m[1], 16), int(m[2], 16)
    for m in re.finditer(r'(0x[0-9a-f]+) - (0x[0-9a-f]+) is load', gdb.execute('info files', to_string=True)):
        yield int(m[1], 16), int(m[2], 16)


def live():
    """A struct coro says at the top of a stack where that stack ends, which nothing else does; so they need no list."""
    kind = gdb.lookup_type('struct coro')
    field = {f.name: f.bitpos // 8 for f in kind['stack'].type.fields()}['top'] + kind['stack'].bitpos // 8
    for low, high in memory():
        for top in range(low + PAGE, high + PAGE, PAGE):
            at = top - kind.sizeof
            try:
                if int(words(at + field, 1)[0]) != top:
                    continue
            except gdb.MemoryError:
                continue
            c = gdb.Value(at).cast(kind.pointer())
            if not c['done'] and (c['begun'] or not c['closing']):
                yield c


def where(c):
    """The innermost frame that is not the runtime's own."""
    if not c['begun']:
        return 'not begun'
    if c == runtime('coro.c:current'):
        return 'running'
    with standing_in(c):
        f = gdb.newest_frame().older()
        while f and f.older() and '/rt/' in (f.find_sal().symtab or gdb.newest_frame().find_sal().symtab).filename:
            f = f.older()
        sal = f.find_sal()
        return '%s, %s:%d' % (f.name(), sal.symtab.filename if sal.symtab else '?', sal.line)


class Coros(gdb.Command):
    """Every live coroutine: its address, its name, and where it stands."""

    def __init__(self):
        super().__init__('coros', gdb.COMMAND_STACK)

    def invoke(self, arg, from_tty):
        for c in live():
            print('%#x %s: %s' % (int(c), c['name'].string(errors='replace'), where(c)))


class Coro(gdb.Command):
    """The backtrace of one coroutine: coro ADDR, where ADDR is a struct coro * as `coros` shows it."""

    def __init__(self):
        super().__init__('coro', gdb.COMMAND_STACK)

    def invoke(self, arg, from_tty):
        c = gdb.parse_and_eval(arg).cast(gdb.lookup_type('struct coro').pointer())
        if c == runtime('coro.c:current'):
            gdb.execute('backtrace')
            return
        with standing_in(c):
            print(gdb.execute('backtrace', to_string=True).split('\n', 1)[1], end='')


Coros()
Coro()
