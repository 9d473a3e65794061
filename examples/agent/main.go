// Command agent is the program of docs/sdk-go.md: an agent who goes ready at the demo's server and tells what happens, until Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os/signal"
	"syscall"
	"time"

	"github.com/muster-presence/muster/sdk"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT)
	defer stop()

	client, err := sdk.New(sdk.Options{BaseURL: "http://127.0.0.1:8080/v1/"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	events := client.Events(ctx, sdk.TopicSession)

	me, err := client.Authentication.Login(ctx, sdk.LoginParams{Username: "agent@demo.example", Password: "demo-password"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: *me.DefaultTenant}); err != nil {
		log.Fatal(err)
	}
	extension := client.Session.GetDefaultExtension(ctx)
	if _, err := client.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension.Value}); err != nil {
		log.Fatal(err)
	}
	for event, err := range events {
		switch change := event.Response.(type) {
		case sdk.StateChange:
			fmt.Println("state:", change.State, change.SupervisorName)
		case sdk.Connection:
			fmt.Println("connected:", change.Connected)
		case sdk.Ended:
			fmt.Println("ended:", change.EndCode, change.SupervisorName)
			return
		}
		switch {
		case err != nil:
			log.Fatal(err)
		case event.Err != nil:
			fmt.Println(event.Err)
		}
		if errors.Is(event.Err, sdk.CodeSessionGone) {
			return
		}
	}
	stop() // another Ctrl-C ends the program at once
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := client.Authentication.Logout(ctx); err != nil {
		fmt.Println(err)
	}
}
