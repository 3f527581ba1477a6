package main

import (
	"os"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// progress shows long work on a terminal; elsewhere it shows nothing.
type progress struct{ bar *progressbar.ProgressBar }

// progress begins to count to total (-1 = unknown) on standard error, if that
// is a terminal.
func (a *app) progress(total int, what string) *progress {
	f, ok := a.stderr.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions(total, progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(a.stderr), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
		progressbar.OptionClearOnFinish())}
}

// step counts one more.
func (p *progress) step() {
	if p.bar != nil {
		_ = p.bar.Add(1) // a bar that cannot be drawn fails nothing
	}
}

// done takes the bar off the screen.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
