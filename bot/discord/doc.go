// Package discord is Broadsheet's border to Discord and the only speaker of
// discordgo. It owns the gateway session and its reconnects, the rate limits,
// the message model with its limits and splitting, the router of commands and
// buttons, and Discord's errors.
//
// discordgo v0.29.0 carries the gateway and the requests; what it gets wrong is
// put right here, once, and library_test.go pins each defect so that an upgrade
// which mends it is noticed.
//
// Ids of Discord's objects (snowflakes) are int64 everywhere; they are strings
// only on the wire. Lengths count Unicode code points, as Discord counts them.
package discord
