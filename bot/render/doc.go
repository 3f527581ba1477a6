// Package render lays out what Broadsheet says on Discord: digests, cards,
// lists, replies and notices, as messages of Components V2 within Discord's
// limits, and the same messages as text for a terminal.
//
// Everything that comes from a feed or a member is escaped here: it can
// neither format, nor link, nor mention. Every button and menu carries its
// whole state in its custom id (see the Kind constants), so that it still
// works after a restart.
package render
