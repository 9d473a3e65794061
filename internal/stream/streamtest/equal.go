package streamtest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

// equal compares rows with those that the view shows at a number.
func (s *shown) equal(seq store.Seq, held rows) error {
	switch held := held.(type) {
	case floorRows:
		return sameFloor(s.floor(seq), held)
	case *selfRow:
		return sameSelf(s.self(seq), *held)
	}
	return errors.New("the rows are of no view")
}

func sameFloor(want, got floorRows) error {
	var wrong []string
	for id, row := range want {
		held, there := got[id]
		if !there {
			wrong = append(wrong, fmt.Sprintf("the row of %s is missing", id))
			continue
		}
		if err := same("row of "+id, row, held); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	for id := range got {
		if _, there := want[id]; !there {
			wrong = append(wrong, fmt.Sprintf("there is a row of %s", id))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%d rows are wrong, the first: %s", len(wrong), wrong[0])
}

func sameSelf(want api.SelfRow, held selfRow) error {
	got := held.SelfRow
	// How sure the server is of the client makes no event; and who caused which
	// event when, a row says of another event than a message.
	for _, row := range []*api.SelfRow{&want, &got} {
		row.Connection, row.Offerable = "", false
		row.SupervisorID, row.SupervisorName, row.Timestamp = "", "", 0
		if held.begun {
			row.Work, row.SilentMonitoring = nil, false
		}
	}
	return same("row", want, got)
}

// same compares two values as JSON.
func same(what string, want, got any) error {
	wanted, err := canonical(want)
	if err != nil {
		return err
	}
	held, err := canonical(got)
	if err != nil {
		return err
	}
	if wanted != held {
		return fmt.Errorf("the %s is %s, want %s", what, held, wanted)
	}
	return nil
}
