package discord

import (
	"testing"

	"broadsheet/bot/discordsim"
)

func TestMemberPermissionsAreThoseOfTheirRoles(t *testing.T) {
	withRig(t, func(r *rig) {
		admin := r.sim.AddMember(r.guild, "Ada", ManageServer)
		root := r.sim.AddMember(r.guild, "Rut", Administrator)
		plain := r.sim.AddMember(r.guild, "Mel", 0)
		elsewhere := r.sim.AddMember(r.sim.AddGuild("Elsewhere", ""), "Eve", Administrator)
		for name, tt := range map[string]struct {
			user, want, lacks int64
		}{
			"an admin":                 {admin, ManageServer | discordsim.ViewChannel, Administrator},
			"an administrator":         {root, Administrator | ManageServer, 0},
			"a member":                 {plain, discordsim.ViewChannel, ManageServer | Administrator},
			"an admin of another":      {elsewhere, 0, -1},
			"somebody unheard of":      {12345, 0, -1},
			"the bot, which is no one": {r.sim.BotID(), discordsim.ViewChannel, ManageServer},
		} {
			got, err := r.client.MemberPermissions(r.Context(), r.guild, tt.user)
			if err != nil || got&tt.want != tt.want || got&tt.lacks != 0 {
				r.Errorf("%s has %b, %v; want %b and none of %b", name, got, err, tt.want, tt.lacks)
			}
		}
		r.sim.SetMemberPermissions(admin, 0)
		if got, err := r.client.MemberPermissions(r.Context(), r.guild, admin); err != nil || got&ManageServer != 0 {
			r.Errorf("somebody who is admin no longer has %b, %v", got, err)
		}
		if got, err := r.client.MemberPermissions(r.Context(), 777, admin); err != nil || got != 0 {
			r.Errorf("in a server the bot is not in: %b, %v", got, err)
		}
		r.sim.Fail("GET /guilds/*", 503, 99)
		if _, err := r.client.MemberPermissions(r.Context(), r.guild, admin); err == nil {
			r.Error("an answer that never came passed for one")
		}
	})
}

func TestTheOwnerMayDoEverything(t *testing.T) {
	withRig(t, func(r *rig) {
		plain := r.sim.AddMember(r.guild, "Mel", 0)
		r.sim.SetOwner(r.guild, plain)
		if got, err := r.client.MemberPermissions(r.Context(), r.guild, plain); err != nil || got&ManageServer == 0 {
			r.Errorf("an owner without roles has %b, %v", got, err)
		}
	})
}
