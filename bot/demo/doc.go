// Package demo shows Broadsheet without an account and without a network:
// sample newspapers served on loopback, a Discord in memory, the real bot
// between the two, and a web page on which a channel looks as a member of the
// server sees it, with buttons, menus and slash commands that work.
//
// The newspapers of the harbour town of Kelmouth, their articles and their
// people are invented. The articles live in text files under papers/, the
// pictures are drawn by code.
package demo
