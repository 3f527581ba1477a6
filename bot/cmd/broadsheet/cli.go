package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"broadsheet/bot/store"
	"broadsheet/config"
)

// cli is the command line: the flags of every command and one field a command,
// whose type has its own file.
type cli struct {
	globals

	Demo      demoCmd      `cmd:"" help:"Run the bot against a simulated Discord: no account, no network."`
	Start     runCmd       `cmd:"" name:"run" help:"Run the bot."`
	Simulate  simulateCmd  `cmd:"" help:"Run the simulated Discord alone, for other processes."`
	Poll      pollCmd      `cmd:"" help:"Visit the feeds that are due once."`
	Digest    digestCmd    `cmd:"" help:"Print a channel's digest now."`
	Summarize summarizeCmd `cmd:"" help:"Condense texts or pages to their most telling sentences."`
	Article   articleCmd   `cmd:"" help:"Print the main text of web pages."`
	Feed      feedCmd      `cmd:"" help:"Print what the bot reads in a feed, or in the feed of a site."`
	Stories   storiesCmd   `cmd:"" help:"Group articles that tell of the same event."`
	Import    importCmd    `cmd:"" help:"Subscribe to the feeds of an OPML file."`
	Export    exportCmd    `cmd:"" help:"Print the subscribed feeds as OPML."`
	Search    searchCmd    `cmd:"" help:"Search the stored articles."`
	Status    statusCmd    `cmd:"" help:"Print what the database holds, in figures."`
	Config    configCmd    `cmd:"" help:"Print every option with its value and where it came from."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// globals are the flags of every command.
type globals struct {
	Config   string `placeholder:"FILE" help:"Configuration file (broadsheet.yaml in the current directory, if there)." name:"config"`
	DB       string `placeholder:"URL" help:"Database: PATH, sqlite:PATH or postgres://… (broadsheet.db)." name:"db"`
	LogLevel string `placeholder:"L" help:"What is logged: debug, info, warn or error (info)." name:"log-level"`
}

// The exit statuses of the program.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // wrong usage or configuration
)

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errTold is a failure whose reasons have been printed already.
var errTold = errors.New("failed")

// run runs the program with its arguments, the name not among them, and returns
// its exit status. It reads and writes nothing but what it is given.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	help := &helpShown{}
	parser, err := kong.New(&c,
		kong.Name("broadsheet"),
		kong.Description("Your Discord server's newspaper. `broadsheet demo` shows it without an account; `broadsheet COMMAND --help` explains a command."),
		kong.Writers(stdout, stderr),
		kong.Exit(help.exit),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return explain(stderr, fmt.Errorf("prepare the command line: %w", err))
	}
	parsed, err := parser.Parse(args)
	if help.shown {
		return exitDone
	}
	if err != nil {
		return explain(stderr, usageError{fmt.Errorf("%w (broadsheet --help lists the commands, broadsheet COMMAND --help its flags)", err)})
	}
	a := newApp(c.globals, environ, stdin, stdout, stderr)
	parsed.BindTo(ctx, (*context.Context)(nil))
	return explain(stderr, parsed.Run(a))
}

// helpShown notes that kong printed help and wants the program to end, which it
// may not do itself: run has to return.
type helpShown struct{ shown bool }

func (h *helpShown) exit(int) { h.shown = true }

// explain prints an error and returns the exit status it stands for.
func explain(stderr io.Writer, err error) int {
	var problems *config.Problems
	var usage usageError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return exitDone // who closes a pipe early has seen enough
	case errors.Is(err, errTold):
		return exitFailed
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "broadsheet: interrupted")
		return exitFailed
	case errors.As(err, &problems):
		fmt.Fprintf(stderr, "broadsheet: the configuration has faults:\n  %s\n", strings.ReplaceAll(problems.Error(), "\n", "\n  "))
		return exitUsage
	}
	fmt.Fprintf(stderr, "broadsheet: %v\n", err)
	if out := wayOut(err); out != "" {
		fmt.Fprintf(stderr, "  %s\n", out)
	}
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// wayOut says what to do about a database that cannot be used, "" about
// anything else.
func wayOut(err error) string {
	switch {
	case errors.Is(err, store.ErrInUse):
		return "Stop that one first, or give this one a database of its own with --db."
	case errors.Is(err, store.ErrFull):
		return "Make room on its disk and try again. What was stored before is kept."
	case errors.Is(err, store.ErrReadOnly):
		return "The program's user must be able to write the file and its folder."
	case errors.Is(err, store.ErrForeign):
		return "Name Broadsheet's own database with --db; a new file is made where there is none."
	case errors.Is(err, store.ErrCorrupt):
		return "Put a copy in its place, or move it away to begin anew."
	}
	return ""
}

// isFault reports whether an error is the caller's or the configuration's, so
// that no other file would fare better.
func isFault(err error) bool {
	var problems *config.Problems
	var usage usageError
	return errors.As(err, &problems) || errors.As(err, &usage)
}
