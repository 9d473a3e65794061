package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/demo"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// past gives the demo's tenant a history before its server begins. What people
// did is decided and committed as everything is, by an engine: one of its own,
// whose clock shows the time at which each of it happened. Whoever is there in the
// end stays in their session, which the server takes over as after any restart.
type past struct {
	node    *node
	tenant  *directory.Tenant
	members []*directory.Member // by the index of the simulated agent
}

// readPast reads who the simulated agents are.
func (c *demoCommand) readPast(ctx context.Context, node *node, tenant presence.TenantID) (*past, error) {
	p := &past{node: node}
	var err error
	if p.tenant, err = node.directory.Tenant(ctx, tenant); err != nil {
		return nil, err
	}
	for i := range c.Agents {
		user, err := node.directory.UserByName(ctx, demo.Username(i, c.Seed))
		if err != nil {
			return nil, err
		}
		member, err := node.directory.Member(ctx, presence.Key{Tenant: tenant, Agent: user.ID})
		if err != nil {
			return nil, err
		}
		p.members = append(p.members, member)
	}
	return p, nil
}

// livePast lets the simulated agents live through the time before now, in
// moments. A log that has records has a past already, and is left as it is: then,
// and where nobody wants one, it is nil.
func (c *demoCommand) livePast(ctx context.Context, node *node, tenantID string) (*demo.Past, error) {
	length := c.pastLength()
	id, err := presence.ParseUUID(tenantID)
	if err != nil || length == 0 {
		return nil, err
	}
	tenant := presence.TenantID{UUID: id}
	if head, err := node.database.Head(ctx, tenant); err != nil || head.Seq > 0 {
		return nil, err
	}
	p, err := c.readPast(ctx, node, tenant)
	if err != nil {
		return nil, fmt.Errorf("read who was there before: %w", err)
	}
	now := time.Now()
	lived := demo.NewPast(c.Agents, c.Seed, now.Add(-length), now, p.lists)
	if err := p.live(ctx, lived, now); err != nil {
		return nil, fmt.Errorf("live through the time before: %w", err)
	}
	return lived, nil
}

// live carries out what happened, each at its time, and in the end hears everybody
// who is there.
func (p *past) live(ctx context.Context, lived *demo.Past, end time.Time) (err error) {
	var clock atomic.Pointer[time.Time]
	clock.Store(new(time.Now()))
	e := engine.New(engine.Options{
		Storage: p.node.database, Directory: p.node.directory, Bus: new(local.Bus), Log: p.node.log,
		Wall: func() time.Time { return *clock.Load() },
	})
	e.Deafen() // nobody is heard here, and nobody is silent
	// It outlives ctx, so that whoever stops the program is told of that, and not
	// that the engine has stopped.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var parts errgroup.Group
	parts.Go(func() error { return e.Run(running) })
	defer func() {
		stop()
		err = errors.Join(err, ignoreCancel(parts.Wait()))
	}()
	for _, m := range lived.Moments() {
		command, err := p.command(m)
		if err != nil {
			return err
		}
		clock.Store(&m.At)
		answer, err := e.Do(ctx, engine.Request{Key: p.members[m.Agent].Key, Command: command})
		if err != nil {
			return err
		}
		if m.Began {
			lived.Began(m.Agent, answer.Agent.Session.ID.String())
		}
	}
	clock.Store(&end)
	return p.hear(ctx, e)
}

// hear has all browsers that are open give a sign of life: until now the time is
// vouched for, and from now on the server does that.
func (p *past) hear(ctx context.Context, e *engine.Engine) error {
	for _, member := range p.members {
		agent, err := e.Agent(ctx, member.Key)
		if err != nil {
			return err
		}
		if agent.Session == nil {
			continue
		}
		if _, err := e.Heartbeat(ctx, member.Key, agent.Session.ID); err != nil {
			return err
		}
	}
	return nil
}

// command is what the engine is asked for.
func (p *past) command(m demo.Moment) (presence.Command, error) {
	member := p.members[m.Agent]
	by := presence.Actor{Cause: presence.ByAgent, ID: member.Key.Agent, Name: member.Name()}
	switch {
	case m.Began:
		return presence.StartSession{By: by, WorkLimit: p.tenant.Settings.WorkLimit, Random: engine.NewSessionRandom()}, nil
	case m.Direction != "":
		return presence.SetDirection{By: by, Direction: presence.Direction(m.Direction)}, nil
	case m.State == api.StateReady:
		return presence.GoReady{By: by, HasExtension: true}, nil
	case m.State == api.StateOffline:
		return presence.GoOffline{By: by}, nil
	}
	reason, err := p.reason(member, m)
	return presence.GoNotReady{By: by, Reason: reason}, err
}

func (p *past) reason(member *directory.Member, m demo.Moment) (presence.Reason, error) {
	if m.ReasonID == "" {
		return presence.Reason{}, nil
	}
	id, errID := presence.ParseUUID(m.ReasonID)
	list, errList := presence.ParseUUID(m.ReasonListID)
	if err := errors.Join(errID, errList); err != nil {
		return presence.Reason{}, err
	}
	return member.FindReason(p.tenant, directory.ReasonQuery{ID: presence.ReasonID{UUID: id}, List: presence.ReasonListID{UUID: list}})
}

// lists are those that an agent chooses from, as far as the demo reads them.
func (p *past) lists(agent int) (lists []api.ReasonList) {
	for _, given := range p.members[agent].ReasonListsIn(p.tenant) {
		list := api.ReasonList{ID: given.ID.String(), Name: given.Name, Active: given.Active}
		for _, r := range given.Reasons {
			list.Reasons = append(list.Reasons, api.Reason{ReasonID: r.ID.String(), Name: r.Name, Active: r.Active, Hierarchy: r.Hierarchy})
		}
		lists = append(lists, list)
	}
	return lists
}
