@rem npm scripts begin with `exec`, so that a signal to npm reaches node. cmd.exe knows no such word and finds this file.
@%*
