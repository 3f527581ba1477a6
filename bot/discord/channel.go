package discord

// ChannelKind is Discord's number for a type of channel.
type ChannelKind int

// Channel kinds. Source: Discord's documentation, "Channel Types".
const (
	ChannelText               ChannelKind = 0
	ChannelDM                 ChannelKind = 1
	ChannelVoice              ChannelKind = 2
	ChannelCategory           ChannelKind = 4
	ChannelAnnouncement       ChannelKind = 5
	ChannelAnnouncementThread ChannelKind = 10
	ChannelPublicThread       ChannelKind = 11
	ChannelPrivateThread      ChannelKind = 12
	ChannelStage              ChannelKind = 13
	ChannelForum              ChannelKind = 15
	ChannelMedia              ChannelKind = 16
)

// Thread reports whether the kind is a thread inside another channel.
func (k ChannelKind) Thread() bool {
	return k == ChannelAnnouncementThread || k == ChannelPublicThread || k == ChannelPrivateThread
}

// Posts reports whether messages go into posts of the channel (see StartPost)
// and never into the channel itself.
func (k ChannelKind) Posts() bool { return k == ChannelForum || k == ChannelMedia }

// Channel is a channel or thread.
type Channel struct {
	ID, GuildID int64
	// ParentID is the category of a channel, or the channel of a thread.
	ParentID int64
	Name     string
	Kind     ChannelKind
}
