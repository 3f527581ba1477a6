package main

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"runtime"

	"github.com/mattn/go-isatty"

	"broadsheet/bot/demo"
)

// demoCmd is the bot in a world of its own.
type demoCmd struct {
	Once      bool     `help:"Print the first digest as text and end."`
	Listen    string   `default:"127.0.0.1:0" placeholder:"ADDR" help:"Address of the page (any free port on 127.0.0.1)."`
	Feed      []string `sep:"none" placeholder:"URL" help:"Read this feed in place of the sample newspapers; may be repeated."`
	NoBrowser bool     `help:"Do not open the page."`
}

// Help is the command's detailed help.
func (demoCmd) Help() string {
	return `Runs the bot without an account: a small Discord in memory, sample newspapers on
loopback, and a page that shows the channel as a member sees it. Nothing is kept.

Example:

    broadsheet demo
    broadsheet demo --once
    broadsheet demo --feed https://example.org/feed.xml`
}

// Validate refuses what is no web address.
func (c demoCmd) Validate() error {
	for _, f := range c.Feed {
		if u, err := url.Parse(f); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("--feed: " + f + " is no http or https address")
		}
	}
	return nil
}

// Run implements the command. It reads no configuration: the demo is the same
// everywhere.
func (c demoCmd) Run(ctx context.Context, a *app) error {
	return demo.Run(ctx, demo.Options{
		Listen: c.Listen, Once: c.Once, Feeds: c.Feed, Out: a.stdout, Log: a.quietLog(), Version: version().Version,
		Browser: c.browser(a.raw),
	})
}

// browser opens the page where a person with a display sits at a terminal, and
// nowhere else.
func (c demoCmd) browser(out io.Writer) func(string) {
	f, ok := out.(*os.File)
	if c.NoBrowser || c.Once || !ok || !isatty.IsTerminal(f.Fd()) {
		return nil
	}
	var opener string
	switch {
	case runtime.GOOS == "darwin":
		opener = "open"
	case os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
		opener = "xdg-open"
	default:
		return nil
	}
	return func(page string) {
		cmd := exec.Command(opener, page)
		if cmd.Start() == nil {
			// The address is printed as well: a browser that does not open is no failure.
			go func() { _ = cmd.Wait() }()
		}
	}
}
