package httpapi

import (
	"fmt"
	"slices"
	"testing"

	"github.com/muster-presence/muster/api"
)

// floor lists the rows that a supervisor gets of North, by first name.
func (w *world) floor(query string) []string {
	w.tb.Helper()
	return namesOf(okAs[api.FloorPage](w.get(supervisor, "/v1/tenants/"+north+"/presence"+query)).Rows)
}

func namesOf(rows []api.FloorRow) []string {
	names := []string{}
	for _, row := range rows {
		names = append(names, row.Name)
	}
	slices.Sort(names) // rows come in an order that lasts, whichever it is
	return names
}

func TestFloor_HasARowForEachAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	w.setState(agent, to("notready", "reasonId", lunch)).ok()
	w.call(north, programme, agent, callID)
	rows := okAs[api.FloorPage](w.get(supervisor, "/v1/tenants/"+north+"/presence")).Rows
	// Those who may not be agents (router, administrators, member) and those
	// whose membership is switched off are not on the floor.
	wantEqual(t, namesOf(rows), []string{"Avery Agent", "Chris Colleague", "Mona Monitor", "Sam Supervisor", "unreachable@north.example"})
	row := rows[0]
	if *row.SessionID != id || *row.Reason != "Lunch" || len(row.Work) != 1 || row.Work[0].InteractionID != callID || row.Offerable {
		t.Errorf("the row is %+v", row)
	}
	wantEqual(t, row.Groups, []string{"Sales", "Service"})
	if offline := rows[1]; offline.State != "offline" || offline.SessionID != nil || offline.Work == nil || offline.StateSince != nil {
		t.Errorf("of somebody without a session: %+v", offline)
	}
}

func TestFloor_FiltersAreCombined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range []person{agent, colleague, supervisor} {
		w.session(p)
		w.setState(p, to("ready")).ok()
	}
	w.post(colleague, presencePath(north, colleague)+"/direction", map[string]any{"direction": "outbound"}).ok()
	w.call(north, programme, supervisor, callID)
	for query, want := range map[string][]string{
		"?state=ready":                                 {"Avery Agent", "Chris Colleague", "Sam Supervisor"},
		"?state=offline":                               {"Mona Monitor", "unreachable@north.example"},
		"?offerable=true":                              {"Avery Agent", "Chris Colleague"},
		"?offerable=true&direction=outbound":           {"Chris Colleague"},
		"?direction=inbound":                           {"Avery Agent", "Sam Supervisor"},
		"?group=Service":                               {"Avery Agent", "Chris Colleague"},
		"?group=Service&direction=inbound":             {"Avery Agent"},
		"?group=Nobody":                                {},
		"?state=notready":                              {},
		"?offerable=false&unknown=1&state=&direction=": {"Avery Agent", "Chris Colleague", "Mona Monitor", "Sam Supervisor", "unreachable@north.example"},
	} {
		wantEqual(t, w.floor(query), want)
	}
}

func TestFloor_ComesInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.floor("")
	for _, limit := range []int{1, 2, 5, 1000} {
		var got []string
		for query := fmt.Sprintf("?limit=%d", limit); query != ""; {
			page := okAs[api.FloorPage](w.get(programme, "/v1/tenants/"+north+"/presence"+query))
			got = append(got, namesOf(page.Rows)...)
			if query = ""; page.Cursor != nil {
				query = fmt.Sprintf("?limit=%d&cursor=%s", limit, *page.Cursor)
			}
			if len(got) > len(all) {
				t.Fatal("the pages do not end")
			}
		}
		slices.Sort(got)
		wantEqual(t, got, all)
	}
}

func TestFloor_RefusesQueriesThatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, attribute := range map[string]string{
		"limit=0": "limit", "limit=1001": "limit", "limit=-1": "limit", "limit=ten": "limit", "limit=1.5": "limit", "limit=99999999999999999999": "limit",
		"offerable=yes": "offerable", "offerable=": "offerable", "offerable=TRUE": "offerable", "direction=up": "direction",
		"cursor=%20": "cursor", "cursor=!": "cursor", "cursor=bm9wbGFjZQ": "cursor", "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5": "cursor",
		"limit=%zz": "", "a;b": "",
	} {
		w.get(supervisor, "/v1/tenants/"+north+"/presence?"+query).refused(api.CodeBadRequest, attribute)
	}
	w.get(supervisor, "/v1/tenants/"+north+"/presence?state=busy").refused(api.CodeUnknownState, "state")
}
