// Package wsapi is the stream's edge: it carries the frames of package stream to
// clients, over WebSocket or as Server-Sent Events.
//
// # Purpose
//
// A socket passes, in this order: origin, handshake, a place among the sockets of
// its address, the hello with its token, membership and right, a place among the
// connections of its user, the subscription, the welcome. From then on the server
// asks in beats whether the client is there, and the engine is told the answers:
// they, not the connection, are the agent's signs of life. Server-Sent Events show
// the same frames to clients that cannot have a socket, and vouch for nobody.
//
// # Concurrency
//
// A socket has one goroutine that reads, begun with a fresh stack when net/http
// has let go of the connection. One that writes exists only while there is
// something to write; beats come from a timer. Whoever wants a socket closed
// notes the code and interrupts the reader, which alone takes it down: so every
// socket ends once, in one place.
//
// # Dependencies
//
// The edge knows the engine, the streams, auth and the ports; it knows neither an
// adapter nor another edge. Of the socket library only link.go knows.
package wsapi
