package follow

import (
	"encoding/json"
	"errors"
	"hash/crc32"
	"strconv"

	"github.com/muster-presence/muster/api"
)

// digest is what a floor's rows add up to. It keeps of each row just what goes into the sum.
type digest struct {
	versions map[string]int64 // by the row's resourceId
	total    uint32
	// blind: a row of the snapshot could not be read, so that the sum would be wrong however right the others are.
	blind bool
}

// floorRow is as much of a row as a sum is made of.
type floorRow struct {
	ResourceID string `json:"resourceId"`
	Version    *int64 `json:"version"`
}

var errRow = errors.New("a row of the floor needs a resourceId and a version")

// replace takes the rows of a snapshot in the place of all others. It tells of those that it cannot read, and returns the rest.
func (d *digest) replace(rows []json.RawMessage, unreadable func([]byte, error)) []json.RawMessage {
	*d = digest{versions: make(map[string]int64, len(rows))}
	read := rows[:0]
	for _, text := range rows {
		var row floorRow
		err := json.Unmarshal(text, &row)
		if err == nil {
			err = d.put(row)
		}
		if err != nil {
			d.blind = true
			unreadable(text, err)
			continue
		}
		read = append(read, text)
	}
	return read
}

// apply takes the row of a message, if it has one.
func (d *digest) apply(text json.RawMessage) error {
	var kind struct {
		Type api.MessageType `json:"type"`
	}
	if err := json.Unmarshal(text, &kind); err != nil || kind.Type != api.MessageTypeFloorRowChange {
		return err
	}
	var message struct {
		Row floorRow `json:"row"`
	}
	if err := json.Unmarshal(text, &message); err != nil {
		return err
	}
	return d.put(message.Row)
}

func (d *digest) put(row floorRow) error {
	if row.ResourceID == "" || row.Version == nil {
		return errRow
	}
	if before, ok := d.versions[row.ResourceID]; ok {
		d.total -= checksum(row.ResourceID, before)
	}
	d.versions[row.ResourceID] = *row.Version
	d.total += checksum(row.ResourceID, *row.Version)
	return nil
}

func checksum(id string, version int64) uint32 {
	return crc32.ChecksumIEEE(strconv.AppendInt([]byte(id+":"), version, 10))
}
