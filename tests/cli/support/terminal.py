# Runs a command in a pseudo-terminal: terminal.py COLUMNS STEPS COMMAND..., where STEPS is a JSON list of
# [text to wait for, text to type]. Prints {"code", "output"} as JSON.
import fcntl, json, os, pty, select, struct, sys, termios, time

columns, steps, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
output, seen, end = b'', 0, time.time() + 30
while time.time() < end:
    if steps:
        at = output.find(steps[0][0].encode(), seen)
        if at >= 0:
            seen = at + len(steps[0][0].encode())
            os.write(terminal, steps.pop(0)[1].encode())
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    output += part
else:
    os.kill(child, 9)
_, status = os.waitpid(child, 0)
print(json.dumps({'code': os.waitstatus_to_exitcode(status), 'output': output.decode('utf8', 'replace')}))
