package store

// metaInstall is the key of the database's random name.
const metaInstall = "install"

const (
	sqlMeta      = `SELECT value FROM meta WHERE key = $1`
	sqlMetaFirst = `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = meta.value`
)
