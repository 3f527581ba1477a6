package discordsim

const allPermissions = int64(1)<<53 - 1

// permissions are the bot's in a channel, computed as Discord documents: the
// roles' union, everything for an administrator, then the overwrites. A thread
// has its parent's, a direct message all that is needed. s.mu is held.
func (s *Sim) permissions(c *channel) int64 {
	if c.kind == KindDM {
		return InvitePermissions
	}
	if p := s.channels[c.parent]; p != nil {
		return s.permissions(p)
	}
	g := s.guilds[c.guild]
	if g.removed {
		return 0
	}
	base := g.roles[0].permissions | g.roles[1].permissions
	if base&Administrator != 0 {
		return allPermissions
	}
	if c.bot != nil {
		base = base&^c.bot.deny | c.bot.allow
	}
	return base
}

// memberPermissions are a member's in its guild.
func (s *Sim) memberPermissions(m *member) int64 {
	base := s.guilds[m.guild].roles[0].permissions | m.permissions
	if base&Administrator != 0 {
		return allPermissions
	}
	return base
}
