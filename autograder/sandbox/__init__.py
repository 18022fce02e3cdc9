"""Student code, and everything that it can touch.

How it works. Four kinds of process, one direction of trust:

    host         trusted     cases, key and results; never imports, unpickles or evaluates anything of a
      |                      student's. Speaks to all others over socket pairs, decodes strictly (wire.py)
      nursery    trusted     a fresh interpreter without our environment, key or cases; imports NumPy (or
        |                    torch where the submission does), and from then on only forks (nursery.py)
        submission  untrusted   gives up its privileges and confines itself, then imports the student's files
          |                     once (submission_process.py, loading.py); from here on nothing is believed
          test     untrusted    a fork that answers the calls of one graded test, until it is killed
                                (test_process.py)

A call travels as MessagePack: arrays as dtype, shape and bytes, nothing pickled. What cannot travel, such as
a cache, stays in the test process, and the host refers to it by the number of the call that returned it.
The reply carries the value or the exception with the student's own frames, what was printed, and the
arguments that the call changed.

What holds a submission back, each layer where the machine has it (confinement.py; `doctor` lists them):
another user, resource limits, Landlock, seccomp, no environment, no standard input, a bounded capture of
what it prints. What each failure looks like from the host (session.py, watch.py):

    loops                 the host reads its CPU time from the kernel, kills it: cpu_time
    sleeps                no CPU time used for a while: idle
    exits, crashes        its channel closes; the parent's waitpid tells how: exited, died (and where)
    too much memory       MemoryError in the call: memory
    floods, drips, lies   length, type and time are checked: too_big, protocol, cpu_time
    forks                 refused, and looked for after every test: whatever the user owns is killed

After each test its files are removed, and strange processes end the whole user. Its process is killed, too,
unless its calls returned or raised, and nothing is left in it that a later call could notice: no variable,
container, array, default, closure, class or instance of the submission's that changed, no thread, timer or
limit, no memory or CPU time to speak of (kept_state.py). Then the next test goes on in it, which saves the
price of a fork; for code that keeps state, each test has a fork of its own.

What a submission tried that is refused is counted inside its own processes, for staff: a hint, no evidence
(attempts.py). What a question forbids students to use is refused there as well (refusing.py): a help for
those who use it unawares, no layer; what the source plainly shows is refused by the host (forbidden.py).

What is not covered:

- A student may break their own processes as they like: a test's answers can be anything that the test
  process chooses to say. It never learns what is expected. A process that lies about what it kept sees
  inputs of more than one test, which any of its tests could have computed.
- Without root, student code runs as the person who grades. With Landlock and seccomp it still cannot read
  or write that person's files; without them (macOS) it can. `doctor` says so.
- Many small files can fill the disk that holds the scratch folder before the test's time is over.
- Bugs in the kernel, in the interpreter or in NumPy that let code out of its confinement.
- Side channels: a submission can measure time, and see how many processors there are.
"""
