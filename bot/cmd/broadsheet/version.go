package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd prints the version.
type versionCmd struct {
	JSON bool `name:"json" help:"Print {\"version\",\"commit\",\"go\",\"sqlite\"}."`
}

// Help is the command's detailed help.
func (versionCmd) Help() string {
	return `Example:

    broadsheet version`
}

// build is what the program was built from.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	SQLite  string `json:"sqlite"` // the driver's module and version, which fixes SQLite's
}

// version reads what the linker noted about the build.
func version() build {
	b := build{Version: "devel", Commit: "unknown", Go: runtime.Version(), SQLite: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			b.Commit = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			b.Commit += " (modified)"
		}
	}
	for _, module := range info.Deps {
		if module.Path == "modernc.org/sqlite" {
			b.SQLite = module.Path + " " + module.Version
		}
	}
	return b
}

// Run implements the command.
func (c versionCmd) Run(a *app) error {
	b := version()
	if c.JSON {
		return a.json(b)
	}
	_, err := fmt.Fprintf(a.stdout, "broadsheet %s\ncommit %s\ngo %s\nsqlite %s\n", b.Version, b.Commit, b.Go, b.SQLite)
	return err
}
