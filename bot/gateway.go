package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/store"
)

const (
	gatewayLease = "shard/0"
	gatewayTTL   = 20 * time.Second
	gatewayLook  = 5 * time.Second
)

// gateway keeps the bot connected to Discord as long as this process holds the
// shard's lease: two processes that answered the same command would get in
// each other's way. The others stand by and take over when the holder is gone.
func (p *program) gateway(ctx context.Context) error {
	defer func() {
		if err := p.store.DropLease(context.WithoutCancel(ctx), gatewayLease); err != nil {
			p.log.Warn("gateway lease not dropped", "err", err)
		}
	}()
	for {
		held, err := p.store.HoldLease(ctx, gatewayLease, gatewayTTL)
		if err != nil && ctx.Err() == nil {
			p.log.Error("gateway lease not taken", "err", err)
		}
		if held {
			if err := p.connected(ctx); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(gatewayLook):
		}
	}
}

// connected serves the gateway until ctx ends or the lease is lost.
func (p *program) connected(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- p.discord.Run(ctx, p.events()) }()
	defer p.metrics.Gateway(false)
	tick := time.NewTicker(gatewayLook)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("discord gateway: %w", err)
			}
			return nil
		case <-tick.C:
			p.metrics.Gateway(p.discord.Connected())
			held, err := p.store.HoldLease(ctx, gatewayLease, gatewayTTL)
			switch {
			case held:
				renewed = time.Now()
			case err == nil || time.Since(renewed) > gatewayTTL:
				p.log.Warn("gateway lease lost", "err", err)
				cancel()
			}
		}
	}
}

// events keeps the store's picture of servers and channels true.
func (p *program) events() discord.Events {
	return discord.Events{
		Router: p.router,
		Ready:  p.ready,
		GuildCreated: func(ctx context.Context, g discord.Guild) {
			err := p.store.SaveGuild(ctx, store.Guild{ID: g.ID, Name: g.Name, Locale: g.Locale})
			p.logged(ctx, "server not saved", err)
			p.reviewParked(ctx, g.ID)
			p.sender.Wake()
		},
		GuildDeleted: func(ctx context.Context, id int64) {
			p.log.Info("removed from a server", "guild", id)
			p.logged(ctx, "server not closed", p.store.GuildGone(ctx, id))
		},
		ChannelDeleted: func(ctx context.Context, guildID, channelID int64) {
			p.log.Info("channel deleted", "guild", guildID, "channel", channelID)
			p.logged(ctx, "channel not closed", p.store.ChannelGone(ctx, channelID, "the channel was deleted"))
		},
		// Whatever was changed, a thread's permissions may hang on it.
		ChannelUpdated: func(ctx context.Context, guildID, _ int64) { p.reviewParked(ctx, guildID) },
	}
}

func (p *program) logged(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		p.log.Error(what, "err", err)
	}
}

// ready registers the commands where they changed and closes the servers that
// the bot was removed from while it was not connected.
func (p *program) ready(ctx context.Context, r discord.Ready) {
	p.metrics.Gateway(true)
	p.log.Info("connected to Discord", "name", r.UserName, "guilds", len(r.Guilds))
	known, err := p.store.Guilds(ctx)
	p.logged(ctx, "servers not listed", err)
	p.logged(ctx, "declared feeds and digests not reconciled", p.reconcile(ctx))
	for _, g := range known {
		if !g.Gone && !slices.Contains(r.Guilds, g.ID) {
			p.logged(ctx, "server not closed", p.store.GuildGone(ctx, g.ID))
		}
	}
	changed, err := p.discord.Register(ctx, command.Definitions())
	p.logged(ctx, "commands not registered", err)
	if changed {
		p.log.Info("commands registered")
	}
	if p.world.Connected != nil {
		p.world.Connected(Connected{Name: r.UserName, Invite: discord.InviteURL(r.ApplicationID), Guilds: len(r.Guilds)})
	}
	p.sender.Wake()
}

// reviewParked lets a server's parked channels go on where the bot may post
// again, and has an admin told of the others where that has failed so far.
func (p *program) reviewParked(ctx context.Context, guildID int64) {
	parked, err := p.store.ParkedChannels(ctx, guildID)
	p.logged(ctx, "parked channels not listed", err)
	untold, err := p.store.UntoldChannels(ctx, guildID)
	p.logged(ctx, "untold channels not listed", err)
	for _, id := range parked {
		lacking, err := p.discord.Missing(ctx, guildID, id)
		if err != nil || len(lacking) > 0 {
			p.log.Debug("channel stays parked", "channel", id, "err", err)
			if slices.Contains(untold, id) {
				p.herald.tell(ctx, guildID, Notice{ChannelID: id, Kind: noticeForbidden})
			}
			continue
		}
		p.log.Info("channel released: the permission is there", "channel", id)
		p.logged(ctx, "channel not released", p.store.UnparkChannel(ctx, id))
		p.sender.Wake()
	}
}

// reviewAllParked is for what no event tells: a role given to the bot.
func (p *program) reviewAllParked(ctx context.Context) error {
	guilds, err := p.store.Guilds(ctx)
	if err != nil {
		return err
	}
	for _, g := range guilds {
		if !g.Gone {
			p.reviewParked(ctx, g.ID)
		}
	}
	return nil
}
