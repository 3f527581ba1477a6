package discordsim

import (
	"regexp"
	"strconv"
	"time"
)

// discordEpoch is the first second of 2015, from which snowflakes count
// milliseconds (Discord's reference, "Snowflakes").
const discordEpoch = 1420070400000

// idSource makes snowflakes that rise with time and never repeat. Before
// Discord's epoch, where a synctest bubble starts, they start at 1 << 22
// rather than below zero.
type idSource struct{ last int64 }

func (g *idSource) next() int64 {
	ms := max(time.Now().UnixMilli()-discordEpoch, 1)
	g.last = max(ms<<22, g.last+1)
	return g.last
}

// snowflakeForm is what Discord accepts as an id in a path or a body.
var snowflakeForm = regexp.MustCompile(`^[0-9]{1,20}$`)

// parseID reads a snowflake from the wire; 0 when it is none.
func parseID(s string) int64 {
	if !snowflakeForm.MatchString(s) {
		return 0
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func wireID(id int64) string { return strconv.FormatInt(id, 10) }

func wireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }
