package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"

	"broadsheet/bot"
	"broadsheet/bot/store"
	"broadsheet/config"
	"broadsheet/feeds"
)

// app is what commands share: the borders of the process and what is made of
// the configuration when it is first asked for.
type app struct {
	globals globals
	environ []string
	stdin   io.Reader
	stdout  io.Writer // for people
	raw     io.Writer // the same for programs, which get every character
	stderr  io.Writer

	config func() (*config.Config, error) // reads the configuration once
	web    func() (*feeds.Client, error)  // the guarded client that everything uses
}

func newApp(g globals, environ []string, stdin io.Reader, stdout, stderr io.Writer) *app {
	a := &app{globals: g, environ: environ, stdin: stdin, stdout: printable{stdout}, raw: stdout, stderr: stderr}
	a.config = sync.OnceValues(a.readConfig)
	a.web = sync.OnceValues(func() (*feeds.Client, error) {
		cfg, err := a.config()
		if err != nil {
			return nil, err
		}
		return bot.NewClient(cfg, bot.World{Log: a.log(cfg), Version: version().Version}, nil), nil
	})
	return a
}

// readConfig reads the file, the environment and the flags of this process. A
// file that is named must exist.
func (a *app) readConfig() (*config.Config, error) {
	flags := map[string]string{}
	if a.globals.DB != "" {
		flags["database"] = a.globals.DB
	}
	if a.globals.LogLevel != "" {
		flags["log.level"] = a.globals.LogLevel
	}
	file := a.globals.Config
	if file == "" {
		file = config.File
	}
	return config.Load(file, a.globals.Config != "", a.environ, flags)
}

// log returns the logger that cfg asks for; it writes to standard error.
func (a *app) log(cfg *config.Config) *slog.Logger {
	var level slog.Level
	// config has checked the level; were it wrong, "info" is a good answer.
	_ = level.UnmarshalText([]byte(cfg.Log.Level))
	options := &slog.HandlerOptions{Level: level}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, options))
	}
	return slog.New(slog.NewTextHandler(a.stderr, options))
}

// quietLog is the log of commands that a person watches: warnings alone,
// unless --log-level asks for more.
func (a *app) quietLog() *slog.Logger {
	level := slog.LevelWarn
	if a.globals.LogLevel != "" {
		// An unknown level keeps the warnings.
		_ = level.UnmarshalText([]byte(a.globals.LogLevel))
	}
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
}

// store opens the database for writing, creating it if need be.
func (a *app) store(ctx context.Context) (*store.Store, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, cfg.Database, store.Options{Log: a.log(cfg)})
}

// reading opens the database for a command that only reads: it is not created,
// and it may be one that cannot be written. One of an older version is migrated.
func (a *app) reading(ctx context.Context) (*store.Store, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, cfg.Database, store.Options{Log: a.log(cfg), ReadOnly: true})
	switch {
	case err == nil:
		return s, nil
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("there is no database %s yet; broadsheet run or broadsheet import makes one", cfg.Database)
	case errors.Is(err, store.ErrReadOnly):
		return store.Open(ctx, cfg.Database, store.Options{Log: a.log(cfg)})
	}
	return nil, err
}

// json writes v as one line of JSON.
func (a *app) json(v any) error { return writeJSON(a.raw, v) }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // text is text: < stays <
	return e.Encode(v)
}

// complain tells of a failure that does not end the command.
func (a *app) complain(name string, err error) {
	fmt.Fprintf(a.stderr, "broadsheet: %s: %s\n", name, words(err))
}

// words says what is wrong without the names of our packages, and which option
// decides where one does.
func words(err error) string {
	var visit *feeds.Error
	if !errors.As(err, &visit) {
		return strings.TrimPrefix(err.Error(), "summarize: ")
	}
	switch visit.Kind {
	case feeds.Private:
		return visit.Words() + " The option fetch.allow_networks lists the exceptions."
	case feeds.TooLarge:
		return visit.Words() + " The option fetch.max_bytes is the limit."
	}
	return visit.Words()
}

// orNull is nil for the empty string, which JSON writes as null.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
