package command_test

import (
	"log/slog"
	"testing"
	"testing/synctest"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/discordsim"
	"broadsheet/bot/render"
)

// Discord judges what it is sent, in every language: the simulator does it by
// the written rules and Discord's own document.
func TestDiscordTakesEveryDefinition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := discordsim.New(discordsim.Options{
			Document: openAPI(t), Violation: func(rule string) { t.Errorf("Discord would refuse: %s", rule) },
		})
		defer func() {
			if err := sim.Close(); err != nil {
				t.Error(err)
			}
		}()
		client, err := discord.New(discord.Options{
			Token: discordsim.DefaultToken, Transport: sim.Transport(), Dial: sim.Dial, Log: slog.New(slog.DiscardHandler), Version: "test",
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{true, false} {
			if changed, err := client.Register(t.Context(), command.Definitions()); err != nil || changed != want {
				t.Errorf("registration %d: changed %t, %v; want %t", i+1, changed, err, want)
			}
		}
		if got, want := len(sim.Commands()), len(command.Definitions()); got != want {
			t.Errorf("%d commands are registered, want %d", got, want)
		}
	})
}

// A command that is offered must be answered, and every option that completes
// itself must offer something; neither may be a mistake of spelling.
func TestEveryDefinitionIsAnswered(t *testing.T) {
	t.Parallel()
	g := library(t)
	for _, top := range command.Definitions() {
		verbs := top.Options
		if len(verbs) == 0 {
			verbs = []discord.Option{{Name: ""}}
		}
		for _, verb := range verbs {
			path := top.Name
			if verb.Name != "" {
				path += " " + verb.Name
			}
			reply, err := g.router.Serve(t.Context(), slash(path))
			text := told(reply.Message)
			if err != nil {
				text = err.Error()
			}
			lacksText(t, text, "button is from an older version", "Something went wrong")
			for _, o := range verb.Options {
				if !o.Autocomplete {
					continue
				}
				before := g.log.Len()
				g.ask(typing(path, o.Name, "a"))
				if g.log.Len() > before {
					t.Errorf("%s %s: %s", path, o.Name, g.log.String()[before:])
				}
			}
		}
	}
}

func TestOnlyAdminsAreOfferedWhatManagesAServer(t *testing.T) {
	t.Parallel()
	for _, c := range command.Definitions() {
		admin := c.Name == "feeds" || c.Name == "digest"
		if has := c.Permissions == discord.ManageServer; has != admin {
			t.Errorf("/%s asks for permissions %d", c.Name, c.Permissions)
		}
	}
}

func TestRequiredOptionsComeFirst(t *testing.T) {
	t.Parallel()
	for _, c := range command.Definitions() {
		for _, verb := range c.Options {
			optional := false
			for _, o := range verb.Options {
				if o.Required && optional {
					t.Errorf("/%s %s: %s comes after an optional one, which Discord refuses", c.Name, verb.Name, o.Name)
				}
				optional = optional || !o.Required
				if o.Name == "query" && o.Max != render.MaxQuery {
					t.Errorf("a query may have %d characters; only %d fit the buttons below its results", o.Max, render.MaxQuery)
				}
			}
		}
	}
}
