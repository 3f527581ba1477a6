package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"broadsheet/bot/discordsim"
)

// simulateCmd is the simulated Discord alone.
type simulateCmd struct {
	Listen string `default:"127.0.0.1:0" placeholder:"ADDR" help:"Address of the API and the gateway (any free port on 127.0.0.1)."`
}

// Help is the command's detailed help.
func (simulateCmd) Help() string {
	return `Runs a simulated Discord for other processes and prints, as one line of JSON, the
base address of its API, the bot's token, and the ids of its server, channels and
members. At the address "control" a program can act as a member and read channels back.

Example:

    broadsheet simulate > discord.json &
    BROADSHEET_DISCORD_API_URL=… DISCORD_TOKEN=… broadsheet run`
}

// simulated says how to reach the simulated Discord. Ids are decimal strings,
// as on Discord's wire.
type simulated struct {
	API      string            `json:"api_url"`
	Token    string            `json:"token"`
	Control  string            `json:"control"`
	Guild    string            `json:"guild"`
	Channels map[string]string `json:"channels"`
	Members  map[string]string `json:"members"`
}

// Run implements the command.
func (c simulateCmd) Run(ctx context.Context, a *app) (err error) {
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	sim := discordsim.New(discordsim.Options{Log: log})
	defer func() { err = errors.Join(err, sim.Close()) }()
	api, err := sim.Listen(c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for control: %w", err)
	}
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	guild := sim.AddGuild("Harbour Town", "en-US")
	told := simulated{
		API: api, Token: sim.Token(), Control: "http://" + listener.Addr().String(), Guild: id(guild),
		Channels: map[string]string{
			"news":   id(sim.AddChannel(guild, "news", discordsim.KindText)),
			"ticker": id(sim.AddChannel(guild, "ticker", discordsim.KindText)),
		},
		Members: map[string]string{
			"admin":  id(sim.AddMember(guild, "Ada", discordsim.Administrator)),
			"member": id(sim.AddMember(guild, "Mel", discordsim.ViewChannel|discordsim.UseCommands)),
		},
	}
	if err := a.json(told); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: sim.Control(), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // nobody is owed an answer at the end
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve control: %w", err)
	}
	return nil
}
