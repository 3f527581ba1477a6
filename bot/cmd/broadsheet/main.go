// Command broadsheet is a Discord server's newspaper: a bot that reads feeds,
// condenses what is new and prints it as digests, and the same pieces as
// commands for files, addresses and standard input.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// From the first signal on the default holds again: a second one ends the
	// program at once.
	context.AfterFunc(ctx, stop)
	// A reader that closes our standard output is told by the write's error,
	// which run takes for a quiet end.
	signal.Ignore(syscall.SIGPIPE)
	settle := paceMemory(ctx, os.Environ())
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	settle()
	os.Exit(code)
}
