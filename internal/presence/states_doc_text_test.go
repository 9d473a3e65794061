package presence

// The parts of docs/states.md that are not in the table.
const (
	statesIntroduction = `# States

<!-- Made from internal/presence/table.go by its tests with -update. Do not edit. -->

What Muster does with an agent depends on the *situation* the agent is in and on the *command* that arrives. This page has every
pair of the two. It is made from the very table the server decides by; tests show that exactly what stands here happens.

| situation | what it means | state that everybody sees |
|---|---|---|
| no session | the agent is not logged in | ` + "`offline`" + ` |
| not ready | logged in, and not ready was asked for last | ` + "`notready`" + ` |
| ready | logged in, and ready was asked for last | ` + "`ready`" + ` |
| held not ready | the agent's client is silent: the system holds the agent not ready, and remembers what was asked for last | ` + "`notready`" + `, reason ` + "`Connection lost`" + ` |

What an agent, or a supervisor in the agent's place, asked for last is the *intent*; what the system imposes is a *hold*. A hold hides
the intent and gives it back unchanged. Direction, work, connection and a waiting log-out stand beside the situation.
During a session for silent monitoring everybody but the agent sees ` + "`offline`" + `.
`

	statesLegend = `→ where the command leads; *stays*: the situation remains, though other things may change. Where several lines stand in a cell, the
command's content decides: see the commands below.
`

	refusalsLegend = `A refused command changes nothing and is no sign of life. The codes are explained at the end.
`

	statesCommands = `## The commands

| command | comes from | and |
|---|---|---|
| start session | the agent logging in | begins not ready, reason ` + "`Logged in`" + `, inbound. A live session is superseded; its open work goes on in the new one, unless that is silent |
| go ready, go not ready | the agent, a supervisor | replaces the intent and a waiting log-out. The agent's own request is a sign of life and ends a hold; a supervisor's stays hidden until the hold ends |
| go offline | the agent, a supervisor | ends the session at once where no work is open or it is forced; else it waits or is refused, as the tenant chose |
| set direction | the agent, a supervisor | changes which work may come; takes no log-out back |
| report work, end work | telephony, routers | may be repeated. The end of the last work carries out a waiting log-out, in the name of whoever asked for it |
| hear | the agent's client | proves that it is there and ends a hold |
| elapse | the server's clock | silence takes its steps: no longer offerable, held not ready, session ended |
| disconnect | the engine | the last socket of the agent's client has closed: no longer offerable; the state stays |
| take lease | a server after its start | until it is heard, the agent is not offerable; the state stays |
| start monitoring, end monitoring | the agent; the end of the monitored work | says which interaction the session monitors silently |
| revoke | administration | ends the session at once |
`

	statesRefusals = `## The refusals

| code | when |
|---|---|
| ` + "`no_session`" + ` | no session is named and none is live. To others than the agent a silent session is none |
| ` + "`session_ended`" + ` | the named session is not live, and no newer one is; for *go offline* always when the named session is not live |
| ` + "`session_superseded`" + ` | the named session is older than the live one |
| ` + "`no_extension`" + ` | ready without an active extension |
| ` + "`work_open`" + ` | a log-out with open work, where the tenant refuses that |
| ` + "`too_much_work`" + ` | the agent has as many open interactions as anybody may have |
`
)
