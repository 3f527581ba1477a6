package main

import (
	"fmt"
	"strings"
)

// configCmd prints the effective configuration.
type configCmd struct {
	Check bool `help:"Only check it: print nothing but faults."`
	JSON  bool `name:"json" help:"Print a list of {\"name\",\"value\",\"from\",\"help\"}."`
}

// Help is the command's detailed help.
func (configCmd) Help() string {
	return `Prints every option with its value and where the value came from; secrets are masked. Every fault of the configuration is told at once, with its line, and the exit status is 2.

Example:

    broadsheet --config /etc/broadsheet.yaml config --check`
}

// Run implements the command.
func (c configCmd) Run(a *app) error {
	cfg, err := a.config()
	if err != nil || c.Check {
		return err
	}
	values := cfg.Dump()
	if c.JSON {
		return a.json(values)
	}
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "# %s\n%s: %s(%s)\n\n", v.Help, v.Name, strings.TrimLeft(v.Value+"  ", " "), v.From)
	}
	_, err = fmt.Fprint(a.stdout, strings.TrimSuffix(b.String(), "\n"))
	return err
}
