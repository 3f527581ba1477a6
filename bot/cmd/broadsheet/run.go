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
	var refused *discord.Error
	if errors.As(err, &refused) && refused.Fatal() {
		return usageError{fmt.Errorf("%w (is the token the one of the developer portal's Bot page?)", err)}
	}
	return err
}
