// Package discordsim is a Discord in memory: the REST API and the gateway, over
// in-memory pipes or over a TCP port, for one bot and the people it talks to.
//
// It exists so that the whole program can be tested, and shown, without an
// account. It is stricter than the real one: every request is judged by
// Discord's OpenAPI document where one is given and always by this package's
// own copy of Discord's written rules. A bad request gets the error body that
// Discord would send and is reported to [Options.Violation], so that it is the
// simulator, not the test, that decides what is wrong.
//
// The package imports nothing of Broadsheet's: a rule that both sides took from
// one place would be wrong on both sides at once.
//
// # In a testing/synctest bubble
//
// Make the Sim inside the bubble, give its [Sim.Transport] to the REST client
// and its [Sim.Dial] to the websocket dialer, and [Sim.Close] it before the
// bubble ends. Bubbles start in the year 2000, before Discord's epoch, where
// its ids would be negative: sleep to 2026 first (see [Epoch]).
//
// discordgo's Close sleeps a second with its lock held, and a goroutine that
// waits for a mutex stops a bubble's clock. The simulator therefore sends
// nothing after a client's close frame, not even its echo, and acknowledges a
// heartbeat a millisecond late. A client must not be opened and closed (or cut
// off) in the same instant of a bubble all the same, since discordgo's own
// heartbeat and reader may be waiting for the lock: sleep a moment of the
// bubble's time in between.
//
// # Over a port
//
// [Sim.Listen] serves both REST (under /api/v9 and /api/v10) and the gateway
// on one TCP port and returns the API's base address.
//
// Identifiers are int64 in Go and decimal strings on the wire.
package discordsim
