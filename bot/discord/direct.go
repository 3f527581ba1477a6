package discord

import (
	"context"
	"net/http"
)

// DirectChannel returns the channel in which the bot writes to one person,
// opening it where there was none. Whether the person takes such messages
// shows only when one is sent (code 50007 if not).
func (c *Client) DirectChannel(ctx context.Context, userID int64) (int64, error) {
	var opened wireChannel
	err := c.do(ctx, http.MethodPost, "users/@me/channels", struct {
		RecipientID string `json:"recipient_id"`
	}{id(userID)}, &opened)
	if err != nil {
		return 0, err
	}
	return opened.ID, nil
}
