package main

import (
	"context"
	"errors"
	"fmt"

	"broadsheet/bot"
	"broadsheet/bot/discord"
)

// runCmd is the bot.
type runCmd struct{}

// Help is the command's detailed help.
func (runCmd) Help() string {
	return `Runs the bot until SIGINT or SIGTERM. It needs a bot token in DISCORD_TOKEN, or in a
file that DISCORD_TOKEN_FILE names; https://discord.com/developers/applications makes
one. Commands register themselves; the invite link is printed once connected.

Example:

    DISCORD_TOKEN=… broadsheet run`
}

// Run implements the command.
func (runCmd) Run(ctx context.Context, a *app) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.Discord.Token.Reveal() == "" {
		return usageError{errors.New("no bot token: set DISCORD_TOKEN or DISCORD_TOKEN_FILE; `broadsheet demo` needs none")}
	}
	var told bool
	err = bot.Run(ctx, cfg, bot.World{
		Log: a.log(cfg), Version: version().Version,
		Connected: func(c bot.Connected) {
			if told {
				return
			}
			told = true
			// A closed standard output does not stop the bot.
			_, _ = fmt.Fprintf(a.stdout, "Connected as %s, in %d servers. Invite it to a server with\n%s\n", c.Name, c.Guilds, c.Invite)
		},
	})
	return refusal(err)
}

// refusal gives what Discord will not take whatever we do the status of a wrong
// configuration, and a way out.
func refusal(err error) error {
	var refused *discord.Error
	if !errors.As(err, &refused) || !refused.Fatal() {
		return err
	}
	hint := "Discord refuses this program"
	switch {
	case refused.WrongToken():
		hint = "Discord does not know the bot's token: copy it again from the page Bot of https://discord.com/developers/applications into DISCORD_TOKEN or the file of DISCORD_TOKEN_FILE"
	case refused.Code == 4014:
		hint = "the bot asks for an intent that is not allowed to it: see the page Bot of https://discord.com/developers/applications"
	case refused.Code == 4011:
		hint = "the bot is in more servers than one connection may serve"
	}
	return usageError{fmt.Errorf("%s (%w)", hint, err)}
}
