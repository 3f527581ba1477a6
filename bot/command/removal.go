package command

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

func (c *commands) removeFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	sub, err := c.namedSubscription(ctx, r, r.Options["feed"], "feeds list")
	if err != nil {
		return discord.Reply{}, err
	}
	message, err := c.remove(ctx, r, sub)
	return discord.Reply{Message: message}, err
}

// remove ends a subscription and offers to undo that.
func (c *commands) remove(ctx context.Context, r *discord.Request, sub store.Subscription) (discord.Message, error) {
	unprinted, err := c.unprinted(ctx, sub)
	if err != nil {
		return discord.Message{}, err
	}
	removed, err := c.Store.Unsubscribe(ctx, sub.ID)
	if err != nil {
		return discord.Message{}, missing(r, err, "error.feed.unknown", "name", discord.Escape(sub.Name()))
	}
	args := []string{
		decimal(removed.FeedID), decimal(removed.ChannelID), string(removed.Mode), decimal(removed.Cursor), strconv.Itoa(unprinted),
	}
	args = c.signed(r.GuildID, removed.Title, args)
	return render.Removed(c.reader(ctx, r), sub.Name(), removed.ChannelID, args...), nil
}

// unprinted counts the articles that were there before sub and that its first
// digest was still to print; what came since is known by the cursor. A feed
// that had none at first may print everything it has.
func (c *commands) unprinted(ctx context.Context, sub store.Subscription) (int, error) {
	if sub.Cursor == 0 {
		return backlogMost, nil
	}
	window, err := c.Store.Window(ctx, sub.ChannelID, sub.Mode)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, a := range window.Articles {
		if a.FeedID == sub.FeedID && a.ID <= sub.Cursor {
			n++
		}
	}
	return min(n, backlogMost), nil
}

// signed appends to an Undo button's arguments what only this installation can
// make, then the channel's own title for the feed if there is room: otherwise
// an admin could follow a feed that only another server knows.
func (c *commands) signed(guildID int64, title string, args []string) []string {
	with := append(args[:len(args):len(args)], c.signature(guildID, append(args[:len(args):len(args)], title)), title)
	if fits(render.KindUndo, with...) {
		return with
	}
	return append(args[:len(args):len(args)], c.signature(guildID, append(args[:len(args):len(args)], "")), "")
}

func (c *commands) signature(guildID int64, args []string) string {
	mac := hmac.New(sha256.New, []byte(c.Store.InstallID()))
	mac.Write([]byte(render.KindUndo + "\x00" + decimal(guildID) + "\x00" + strings.Join(args, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:9])
}

// undoRemove follows a removed feed again from where it was left: arguments
// feed, channel, mode, cursor, articles unprinted, signature, title.
func (c *commands) undoRemove(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	const plain = 5
	if len(r.CustomArgs) != plain+2 {
		return discord.Reply{}, outdated(r)
	}
	args, title := r.CustomArgs[:plain:plain], r.CustomArgs[plain+1]
	r, err := c.officeOf(ctx, r, args[1])
	if err != nil {
		return discord.Reply{}, err
	}
	if !hmac.Equal([]byte(r.CustomArgs[plain]), []byte(c.signature(r.GuildID, append(args, title)))) {
		return discord.Reply{}, outdated(r)
	}
	channel, err := c.target(ctx, r, args[1])
	if err != nil {
		return discord.Reply{}, err
	}
	feedID, badFeed := strconv.ParseInt(args[0], 10, 64)
	cursor, badCursor := strconv.ParseInt(args[3], 10, 64)
	unprinted, badCount := strconv.Atoi(args[4])
	if badFeed != nil || badCursor != nil || badCount != nil {
		return discord.Reply{}, outdated(r)
	}
	sub := store.Subscription{
		GuildID: r.GuildID, ChannelID: channel.ID, FeedID: feedID, Mode: store.Mode(args[2]), Cursor: cursor,
		Title: title, CreatedBy: r.UserID,
	}
	_, err = c.Store.Subscribe(ctx, sub, store.Backlog{Articles: unprinted})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return discord.Reply{}, missing(r, err, "error.vanished")
	}
	feed, err := c.Store.Feed(ctx, feedID)
	if err != nil {
		return discord.Reply{}, missing(r, err, "error.vanished")
	}
	reply := say(printer(r).T("feeds.restored", "feed", discord.Escape(feedName(feed, sub.Title)), "channel", mention(channel.ID)))
	reply.Update = true
	return reply, nil
}
