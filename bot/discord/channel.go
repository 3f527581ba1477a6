package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

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

// overwrite changes the permissions of a role (Type 0) or member (Type 1) in
// one channel.
type overwrite struct {
	ID    int64      `json:"id,string"`
	Type  int        `json:"type"`
	Allow Permission `json:"allow,string"`
	Deny  Permission `json:"deny,string"`
}

// wireChannel is Discord's form of a channel.
type wireChannel struct {
	ID         int64       `json:"id,string"`
	GuildID    int64       `json:"guild_id,string"`
	ParentID   int64       `json:"parent_id,string"`
	Name       string      `json:"name"`
	Type       ChannelKind `json:"type"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// Channel asks Discord about a channel or thread. The error is a *Error.
func (c *Client) Channel(ctx context.Context, channelID int64) (Channel, error) {
	w, err := c.channel(ctx, channelID)
	return Channel{ID: w.ID, GuildID: w.GuildID, ParentID: w.ParentID, Name: w.Name, Kind: w.Type}, err
}

func (c *Client) channel(ctx context.Context, channelID int64) (w wireChannel, err error) {
	if err := c.do(ctx, http.MethodGet, "channels/"+id(channelID), nil, &w); err != nil {
		return w, fmt.Errorf("ask for channel %d: %w", channelID, err)
	}
	return w, nil
}

// Missing lists the permissions that the bot lacks in a channel, of those it
// needs in one of its kind. It is empty when all is well. The error is a *Error.
func (c *Client) Missing(ctx context.Context, guildID, channelID int64) ([]Permission, error) {
	ch, err := c.channel(ctx, channelID)
	if isCode(err, codeMissingAccess) {
		return []Permission{ViewChannel}, nil // Discord does not even show it to us
	}
	if err != nil {
		return nil, err
	}
	if ch.Type == ChannelDM {
		return nil, nil
	}
	kind := ch.Type
	if kind.Thread() {
		// Threads have no overwrites of their own; their channel's apply.
		if ch, err = c.channel(ctx, ch.ParentID); err != nil {
			return nil, err
		}
	}
	has, err := c.permissions(ctx, guildID, ch.Overwrites)
	if err != nil {
		return nil, err
	}
	var missing []Permission
	for _, p := range needed(kind) {
		if has&p == 0 {
			missing = append(missing, p)
		}
	}
	return missing, nil
}

// permissions computes what the bot may do in a channel with these overwrites.
// The order is that of Discord's documentation, "Permission Overwrites".
func (c *Client) permissions(ctx context.Context, guildID int64, overwrites []overwrite) (Permission, error) {
	self, err := c.selfID(ctx)
	if err != nil {
		return 0, err
	}
	g, roles, err := c.rolesOf(ctx, guildID, self)
	if err != nil {
		return 0, err
	}
	if g.OwnerID == self {
		return ^Permission(0), nil
	}
	return effective(guildID, self, roles, g.Roles, overwrites), nil
}

// MemberPermissions are what a person may do in a server by the roles they
// have, whatever single channels change about it: bits like Administrator and
// ManageServer, and all bits for the owner. Who is not in the server, or in one
// that the bot is not in, has none. The error is a *Error.
func (c *Client) MemberPermissions(ctx context.Context, guildID, userID int64) (int64, error) {
	g, roles, err := c.rolesOf(ctx, guildID, userID)
	switch {
	case isCode(err, codeUnknownMember, codeUnknownUser, codeUnknownGuild, codeMissingAccess):
		return 0, nil
	case err != nil:
		return 0, err
	case g.OwnerID == userID:
		return -1, nil
	}
	return int64(effective(guildID, userID, roles, g.Roles, nil)), nil
}

// wireGuildRoles is what we need of a guild to tell what somebody may do.
type wireGuildRoles struct {
	OwnerID int64      `json:"owner_id,string"`
	Roles   []wireRole `json:"roles"`
}

// rolesOf asks for a guild's roles and which of them a member has, that of
// everyone among them.
func (c *Client) rolesOf(ctx context.Context, guildID, userID int64) (g wireGuildRoles, roles []int64, err error) {
	if err := c.do(ctx, http.MethodGet, "guilds/"+id(guildID), nil, &g); err != nil {
		return g, nil, fmt.Errorf("ask for guild %d: %w", guildID, err)
	}
	var member struct {
		Roles []string `json:"roles"`
	}
	if err := c.do(ctx, http.MethodGet, "guilds/"+id(guildID)+"/members/"+id(userID), nil, &member); err != nil {
		return g, nil, fmt.Errorf("ask for the roles of member %d in guild %d: %w", userID, guildID, err)
	}
	roles = []int64{guildID} // the role @everyone has the guild's id
	for _, r := range g.Roles {
		if slices.Contains(member.Roles, id(r.ID)) {
			roles = append(roles, r.ID)
		}
	}
	return g, roles, nil
}

// wireRole is what we need of a role.
type wireRole struct {
	ID          int64      `json:"id,string"`
	Permissions Permission `json:"permissions,string"`
}

// effective applies a channel's overwrites to the roles' permissions: those of
// @everyone, then of the other roles together, then of the member.
func effective(guildID, self int64, ours []int64, roles []wireRole, overwrites []overwrite) Permission {
	var base Permission
	for _, r := range roles {
		if slices.Contains(ours, r.ID) {
			base |= r.Permissions
		}
	}
	if base&Permission(Administrator) != 0 {
		return ^Permission(0)
	}
	var allow, deny Permission
	for _, o := range overwrites {
		switch {
		case o.Type == 0 && o.ID == guildID:
			base = base&^o.Deny | o.Allow
		case o.Type == 0 && slices.Contains(ours, o.ID):
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	base = base&^deny | allow
	for _, o := range overwrites {
		if o.Type == 1 && o.ID == self {
			base = base&^o.Deny | o.Allow
		}
	}
	if base&ViewChannel == 0 {
		return 0 // who cannot see a channel can do nothing there
	}
	return base
}
