package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
)

// shownRuns is how many of its next runs a digest shows.
const shownRuns = 5

// maxCards is how many cards a digest can have.
const maxCards = 15

func (c *commands) registerDigest(r desk) {
	r.Require("digest", discord.ManageServer)
	r.Command("digest create", c.newDigest)
	r.Command("digest list", c.listDigests)
	r.Command("digest run", c.runDigest)
	r.Command("digest preview", c.previewDigest)
	r.Command("digest remove", c.removeDigest)
	r.Autocomplete("digest create", "schedule", c.suggestSchedules)
	r.Autocomplete("digest create", "timezone", c.suggestZones)
	for _, verb := range []string{"run", "preview", "remove"} {
		r.Autocomplete("digest "+verb, "digest", c.suggestDigests)
	}
	r.RequireKind(render.KindDigests, discord.ManageServer)
	r.Component(render.KindDigests, c.digestsPage)
	r.Updates(render.KindDigests)
}

func (c *commands) newDigest(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	channel, err := c.target(ctx, r, r.Options["channel"])
	if err != nil {
		return discord.Reply{}, err
	}
	if err := c.roomForDigest(ctx, r); err != nil {
		return discord.Reply{}, err
	}
	name := line(r.Options["name"], maxNamed)
	settings := Settings{Title: name}
	if settings.Length, err = askedLength(r, ""); err != nil {
		return discord.Reply{}, err
	}
	if n := r.Options["cards"]; n != "" {
		if settings.Cards, err = strconv.Atoi(n); err != nil || settings.Cards < 1 || settings.Cards > maxCards {
			return discord.Reply{}, refuse(r, "error.cards")
		}
	}
	d, err := c.createDigest(ctx, r, channel, store.Digest{
		Name: name, Schedule: line(r.Options["schedule"], maxShown), Timezone: line(r.Options["timezone"], maxShown),
	}, settings)
	if err != nil {
		return discord.Reply{}, err
	}
	return discord.Reply{Message: render.DigestCreated(c.reader(ctx, r), c.digestRow(d, shownRuns))}, nil
}

// createDigest fills in what d leaves open and stores it: the zone and
// language of the server, a name of its own after the channel, the next run.
func (c *commands) createDigest(ctx context.Context, r *discord.Request, channel discord.Channel, d store.Digest, s Settings) (store.Digest, error) {
	plan, err := schedule.Parse(d.Schedule)
	if err != nil {
		return d, refuse(r, "error.schedule", "schedule", discord.Escape(d.Schedule))
	}
	chosen := d.Timezone
	if chosen == "" {
		if d.Timezone, err = c.zone(ctx, r.GuildID); err != nil {
			return d, err
		}
	}
	zone, err := schedule.LoadZone(d.Timezone)
	if err != nil {
		return d, refuse(r, "error.zone", "zone", discord.Escape(d.Timezone))
	}
	d.GuildID, d.ChannelID, d.CreatedBy = r.GuildID, channel.ID, r.UserID
	d.Schedule, d.Timezone, d.Locale, d.Options = plan.String(), zone.String(), r.GuildLocale, s.String()
	d.NextRun = plan.Next(time.Now(), zone)
	if d, err = c.store(ctx, r, d, channel.Name); err != nil {
		return d, err
	}
	if chosen == "" {
		return d, nil
	}
	return d, c.rememberZone(ctx, r, d.Timezone)
}

// store creates d; without a name it gets the channel's, numbered where that
// is taken.
func (c *commands) store(ctx context.Context, r *discord.Request, d store.Digest, channel string) (store.Digest, error) {
	names := numbered(channel)
	if d.Name != "" {
		names = slices.Values([]string{d.Name})
	}
	for d.Name = range names {
		created, err := c.Store.CreateDigest(ctx, d)
		if !errors.Is(err, store.ErrExists) {
			return created, err
		}
	}
	return d, refuse(r, "error.exists.digest", "name", discord.Escape(d.Name))
}

// rememberZone makes the first zone that an admin chose the server's own.
func (c *commands) rememberZone(ctx context.Context, r *discord.Request, zone string) error {
	g, err := c.Store.Guild(ctx, r.GuildID)
	if errors.Is(err, store.ErrNotFound) || err == nil && g.Timezone != "" {
		return nil
	}
	if err != nil {
		return err
	}
	g.Timezone = zone
	if err := c.Store.SaveGuild(ctx, g); err != nil {
		return fmt.Errorf("keep time zone: %w", err)
	}
	return nil
}

// digestRow is d as a list shows it, with its next runs. A schedule or zone
// that this version cannot read is shown as it stands: one odd digest must not
// hide the others.
func (c *commands) digestRow(d store.Digest, runs int) render.DigestRow {
	row := render.DigestRow{
		Name: d.Name, ChannelID: d.ChannelID, Schedule: d.Schedule, LastSent: d.LastSent, Paused: d.Paused,
	}
	plan, err := schedule.Parse(d.Schedule)
	if err == nil {
		row.Zone, err = schedule.LoadZone(d.Timezone)
	}
	if err != nil {
		c.Log.Error("digest cannot be read", "digest", d.ID, "err", err)
		return row
	}
	next := d.NextRun
	for len(row.Next) < runs {
		row.Next = append(row.Next, next.In(row.Zone))
		next = plan.Next(next, row.Zone)
	}
	return row
}

func (c *commands) listDigests(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	return c.digestList(ctx, r, 0, 0)
}

// digestsPage turns the pages of the list: arguments page, channel (0 = all).
func (c *commands) digestsPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	args, err := numbers(r, 2)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.digestList(ctx, r, args[1], int(min(args[0], maxPage)))
	reply.Update = true
	return reply, err
}

func (c *commands) digestList(ctx context.Context, r *discord.Request, channel int64, page int) (discord.Reply, error) {
	digests, err := c.Store.Digests(ctx, store.DigestFilter{GuildID: r.GuildID, ChannelID: channel})
	if err != nil {
		return discord.Reply{}, err
	}
	rows := make([]render.DigestRow, len(digests))
	for i, d := range digests {
		rows[i] = c.digestRow(d, 2)
	}
	return discord.Reply{Message: render.DigestList(c.reader(ctx, r), rows, channel, page)}, nil
}

func (c *commands) runDigest(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	d, err := c.namedDigest(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	// The channel may have been parked for a permission that is there now.
	if _, err := c.target(ctx, r, decimal(d.ChannelID)); err != nil {
		return discord.Reply{}, err
	}
	settings, err := ReadSettings(d.Options)
	if err != nil {
		return discord.Reply{}, err
	}
	edition, err := c.Press.Run(ctx, d)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		return discord.Reply{}, refuse(r, "error.printing", "name", discord.Escape(d.Name))
	case errors.Is(err, store.ErrNotFound):
		return discord.Reply{}, unknown(r, "error.digest.unknown", d.Name, "", "digest list")
	case err != nil:
		return discord.Reply{}, fmt.Errorf("print digest: %w", err)
	case edition.Empty() && !settings.SayEmpty:
		return say(printer(r).T("digests.nothingnew", "channel", mention(d.ChannelID))), nil
	}
	return say(printer(r).T("digests.running", "name", discord.Escape(d.Name), "channel", mention(d.ChannelID))), nil
}

func (c *commands) previewDigest(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	d, err := c.namedDigest(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	messages, edition, err := c.Press.Preview(ctx, d)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("preview digest: %w", err)
	}
	if edition.Empty() || len(messages) == 0 {
		return say(printer(r).T("digests.nothingnew", "channel", mention(d.ChannelID))), nil
	}
	line := printer(r).T("digests.preview")
	if n := len(messages); n > 1 {
		line += " " + printer(r).T("digests.preview.part", "n", n)
	}
	return discord.Reply{Message: inert(messages[0], line)}, nil
}

// inert is m without the rows of buttons and menus, which belong to an edition
// that was printed, under a line that says what m is. Dropping rows makes room
// for the line within Discord's limits.
func inert(m discord.Message, line string) discord.Message {
	kept := []discord.Component{discord.Text("-# " + line)}
	for _, component := range m.Components {
		if component.Type == discord.TypeRow {
			continue
		}
		if component.Type == discord.TypeContainer {
			var inside []discord.Component
			for _, part := range component.Components {
				if part.Type != discord.TypeRow {
					inside = append(inside, part)
				}
			}
			component.Components = inside
		}
		kept = append(kept, component)
	}
	m.Components = kept
	return discord.Split(m)[0]
}

func (c *commands) removeDigest(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	d, err := c.namedDigest(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	if d.Declared {
		return discord.Reply{}, refuse(r, "error.declared", "name", discord.Escape(d.Name))
	}
	if err := c.Store.DeleteDigest(ctx, d.ID); err != nil {
		return discord.Reply{}, missing(r, err, "error.digest.unknown", "name", discord.Escape(d.Name))
	}
	return say(printer(r).T("digests.removed", "name", discord.Escape(d.Name), "channel", mention(d.ChannelID))), nil
}

// namedDigest finds what an admin chose from the suggestions, or typed.
func (c *commands) namedDigest(ctx context.Context, r *discord.Request) (store.Digest, error) {
	typed := r.Options["digest"]
	digests, err := c.Store.Digests(ctx, store.DigestFilter{GuildID: r.GuildID})
	if err != nil {
		return store.Digest{}, err
	}
	names := make([]string, len(digests))
	for i, d := range digests {
		if decimal(d.ID) == typed {
			return d, nil
		}
		names[i] = d.Name
	}
	i, near := pick(names, typed)
	if i < 0 {
		return store.Digest{}, unknown(r, "error.digest.unknown", typed, near, "digest list")
	}
	return digests[i], nil
}

func (c *commands) suggestDigests(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	digests, err := c.Store.Digests(ctx, store.DigestFilter{GuildID: r.GuildID})
	if err != nil {
		return discord.Reply{}, err
	}
	var choices []discord.Choice
	for _, d := range digests {
		if len(choices) < 25 && contains(d.Name, r.Options[r.Focused]) {
			choices = append(choices, discord.Choice{Name: d.Name + " · " + d.Schedule + " " + d.Timezone, Value: decimal(d.ID)})
		}
	}
	return discord.Reply{Choices: choices}, nil
}

func (c *commands) suggestSchedules(_ context.Context, r *discord.Request) (discord.Reply, error) {
	return textChoices(schedule.Suggest(r.Options[r.Focused], 25)), nil
}

func (c *commands) suggestZones(_ context.Context, r *discord.Request) (discord.Reply, error) {
	return textChoices(schedule.Zones(r.Options[r.Focused], 25)), nil
}

// textChoices offers texts that stand for themselves.
func textChoices(texts []string) discord.Reply {
	choices := make([]discord.Choice, len(texts))
	for i, t := range texts {
		choices[i] = discord.Choice{Name: t, Value: t}
	}
	return discord.Reply{Choices: choices}
}

// Paper is the frame in which an edition of d is printed.
func Paper(d store.Digest, e digest.Edition, now time.Time) (render.Paper, error) {
	zone, err := schedule.LoadZone(d.Timezone)
	if err != nil {
		return render.Paper{}, fmt.Errorf("load zone of digest %d: %w", d.ID, err)
	}
	settings, err := ReadSettings(d.Options)
	if err != nil {
		return render.Paper{}, err
	}
	return render.Paper{
		Title: settings.Title, Edition: e, Locale: d.Locale, Zone: zone, Now: now, Number: d.Edition + 1, DigestID: d.ID,
	}, nil
}
