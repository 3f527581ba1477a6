package command

import (
	"context"

	"broadsheet/bot/discord"
	"broadsheet/bot/store"
)

// What one server may have: more than any would read, and few enough that one
// admin cannot use up the bot of all others. What the configuration file
// declares and what import brings is the operator's own business.
const (
	maxFeeds   = 500 // subscriptions of all channels
	maxDigests = 50
)

// roomForFeed refuses where the server follows as many feeds as it may.
func (c *commands) roomForFeed(ctx context.Context, r *discord.Request) error {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil || len(subs) < maxFeeds {
		return err
	}
	return refuse(r, "error.manyfeeds", "n", maxFeeds, "command", "`"+printer(r).Command("feeds list")+"`")
}

// roomForDigest refuses where the server has as many digests as it may.
func (c *commands) roomForDigest(ctx context.Context, r *discord.Request) error {
	digests, err := c.Store.Digests(ctx, store.DigestFilter{GuildID: r.GuildID})
	if err != nil || len(digests) < maxDigests {
		return err
	}
	return refuse(r, "error.manydigests", "n", maxDigests, "command", "`"+printer(r).Command("digest list")+"`")
}
