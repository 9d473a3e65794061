package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// An agent logs in, enters a tenant, works, and goes home.
func Example_agent() {
	ctx, server := demoServer()
	client, err := sdk.New(sdk.Options{BaseURL: server})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	// From here on: everything that happens to the agent, whoever makes it happen.
	changes := client.Events(ctx, sdk.TopicState, sdk.TopicEnded)

	me, err := client.Authentication.Login(ctx, sdk.LoginParams{Username: "agent@demo.example", Password: "demo-password"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: *me.DefaultTenant}); err != nil {
		fmt.Println(err)
		return
	}
	extension := client.Session.GetDefaultExtension(ctx)
	if _, err := client.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension.Value}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: "somebody else's"}); errors.Is(err, sdk.CodeExtensionUnknown) {
		fmt.Println("not my extension")
	}
	for event, err := range changes {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch change := event.Response.(type) {
		case sdk.StateChange:
			fmt.Println(change.State)
			if change.State != api.StateReady {
				continue
			}
			if _, err := client.Authentication.Logout(ctx); err != nil {
				fmt.Println(err)
				return
			}
		case sdk.Ended:
			fmt.Println("ended:", change.EndCode)
			return
		}
	}
	// Output:
	// not my extension
	// notready
	// ready
	// ended: logged_out
}

// A supervisor watches the floor and corrects a state. The agent is told who did it.
func Example_supervisor() {
	ctx, server := demoServer()
	agent, extension := enter(ctx, server, "agent@demo.example")
	defer agent.Close()
	if _, err := agent.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension}); err != nil {
		fmt.Println(err)
		return
	}
	told := agent.Events(ctx, sdk.TopicState)

	supervisor := login(ctx, server, "supervisor@demo.example")
	defer supervisor.Close()
	for update, err := range supervisor.Floor.Watch(ctx, sdk.WatchParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		ready := firstReady(update)
		if ready == nil {
			continue // until the agent appears
		}
		fmt.Println(ready.Name, "is", ready.State)
		_, err := supervisor.Session.SetPresenceState(ctx, sdk.SetPresenceStateParams{State: api.StateNotReady, AgentID: ready.ResourceID})
		if err != nil {
			fmt.Println(err)
			return
		}
		break
	}
	for event, err := range told {
		if err != nil {
			fmt.Println(err)
			return
		}
		if change := event.Response.(sdk.StateChange); change.SupervisorName != "" {
			fmt.Println("to the agent:", change.State, "by", change.SupervisorName)
			break
		}
	}
	// Output:
	// Avery Agent is ready
	// to the agent: notready by Sam Supervisor
}

// A router offers work only to agents who are truly ready: the floor says so, and stops saying so within a second when an agent's
// computer is gone.
func Example_router() {
	ctx, server := demoServer()
	agent, extension := enter(ctx, server, "agent@demo.example")
	if _, err := agent.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension}); err != nil {
		fmt.Println(err)
		return
	}

	router := login(ctx, server, "router@demo.example")
	defer router.Close()
	offered := false
	var gone time.Time
	for update, err := range router.Floor.Watch(ctx, sdk.WatchParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, row := range update.Rows {
			switch {
			case !offered && row.Offerable && len(row.Work) == 0:
				offered = true
				call := sdk.ReportWorkParams{
					ResourceID: row.ResourceID, InteractionID: "7d0c41f6-40f5-4d0e-9a57-9a4f5b6f0c11",
					Channel: "voice", Direction: row.Direction, State: api.WorkStateOffered,
				}
				if _, err := router.Work.Report(ctx, call); err != nil {
					fmt.Println(err)
					return
				}
				fmt.Println("a call for", row.Name)
			case offered && gone.IsZero() && len(row.Work) == 1:
				fmt.Println("it rings;", row.Name, "may be offered more:", row.Offerable)
				gone = time.Now()
				agent.Close() // the computer dies: nobody logs out
			case !gone.IsZero() && row.Connection == api.ConnectionLost:
				fmt.Println("nobody is there; known within a second and a half:", time.Since(gone) < 1500*time.Millisecond)
				return
			}
		}
	}
	// Output:
	// a call for Avery Agent
	// it rings; Avery Agent may be offered more: false
	// nobody is there; known within a second and a half: true
}

// A wallboard counts. It needs neither session nor agent: the rows that have changed are all it is told.
func Example_wallboard() {
	ctx, server := demoServer()
	agent, extension := enter(ctx, server, "agent@demo.example")
	defer agent.Close()

	board := login(ctx, server, "supervisor@demo.example")
	defer board.Close()
	rows := make(map[string]*api.FloorRow)
	for update, err := range board.Floor.Watch(ctx, sdk.WatchParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if update.Reset {
			clear(rows)
		}
		for _, row := range update.Rows {
			rows[row.ResourceID] = row
		}
		count := make(map[api.State]int)
		for _, row := range rows {
			count[row.State]++
		}
		switch {
		case count[api.StateReady] == 1:
			fmt.Println("ready: 1")
			return
		case update.Reset:
			fmt.Println("ready: 0")
			if _, err := agent.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension}); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	// Output:
	// ready: 0
	// ready: 1
}

// login is a client of somebody who only looks on: without a session.
func login(ctx context.Context, server, username string) *sdk.Client {
	client, me := identified(ctx, server, username)
	if _, err := client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: *me.DefaultTenant, NoSession: true}); err != nil {
		panic(err)
	}
	return client
}

// enter is an agent's client, in a session, and an extension to be called at.
func enter(ctx context.Context, server, username string) (client *sdk.Client, extension string) {
	client, me := identified(ctx, server, username)
	if _, err := client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: *me.DefaultTenant}); err != nil {
		panic(err)
	}
	return client, client.Session.GetDefaultExtension(ctx).Value
}

func identified(ctx context.Context, server, username string) (*sdk.Client, sdk.LoggedIn) {
	client, err := sdk.New(sdk.Options{BaseURL: server})
	if err != nil {
		panic(err)
	}
	me, err := client.Authentication.Login(ctx, sdk.LoginParams{Username: username, Password: "demo-password"})
	if err != nil {
		panic(err)
	}
	return client, me
}

func firstReady(update sdk.FloorUpdate) *api.FloorRow {
	for _, row := range update.Rows {
		if row.State == api.StateReady {
			return row
		}
	}
	return nil
}
