package discord

import (
	"net/url"
	"strconv"
	"strings"
)

// Permission is one bit of Discord's permission set.
type Permission int64

// The permissions the bot needs. Source: Discord's documentation, "Permissions".
const (
	ViewChannel         Permission = 1 << 10
	SendMessages        Permission = 1 << 11
	EmbedLinks          Permission = 1 << 14
	AttachFiles         Permission = 1 << 15
	ReadMessageHistory  Permission = 1 << 16
	CreatePublicThreads Permission = 1 << 35
	SendInThreads       Permission = 1 << 38
)

// Permissions of members that commands ask for.
const (
	// Administrator stands for every permission.
	Administrator int64 = 1 << 3
	// ManageServer is what Discord's API calls MANAGE_GUILD.
	ManageServer int64 = 1 << 5
)

// Name returns the permission's English name as Discord's settings show it.
func (p Permission) Name() string {
	switch p {
	case ViewChannel:
		return "View Channel"
	case SendMessages:
		return "Send Messages"
	case EmbedLinks:
		return "Embed Links"
	case AttachFiles:
		return "Attach Files"
	case ReadMessageHistory:
		return "Read Message History"
	case CreatePublicThreads:
		return "Create Public Threads"
	case SendInThreads:
		return "Send Messages in Threads"
	case Permission(ManageServer):
		return "Manage Server"
	case Permission(Administrator):
		return "Administrator"
	}
	return "permission " + strconv.FormatInt(int64(p), 10)
}

// Permissions lists every permission that the invite link asks for.
func Permissions() []Permission {
	return []Permission{ViewChannel, SendMessages, EmbedLinks, AttachFiles, ReadMessageHistory, SendInThreads, CreatePublicThreads}
}

// InviteURL returns the address at which an admin adds the bot to a server,
// asking for exactly the permissions the bot needs.
func InviteURL(applicationID int64) string {
	var all Permission
	for _, p := range Permissions() {
		all |= p
	}
	q := url.Values{
		"client_id":   {strconv.FormatInt(applicationID, 10)},
		"permissions": {strconv.FormatInt(int64(all), 10)},
		"scope":       {"bot applications.commands"},
	}
	return "https://discord.com/oauth2/authorize?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// needed lists what the bot needs in a channel of the given kind. Threads ask
// for SEND_MESSAGES_IN_THREADS instead of SEND_MESSAGES; forums for both, since
// a long digest continues inside its post.
func needed(kind ChannelKind) []Permission {
	out := []Permission{ViewChannel}
	if !kind.Thread() {
		out = append(out, SendMessages)
	}
	if kind.Thread() || kind.Posts() {
		out = append(out, SendInThreads)
	}
	return append(out, EmbedLinks, AttachFiles, ReadMessageHistory)
}
