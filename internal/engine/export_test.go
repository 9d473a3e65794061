package engine

// QueueLength is how many calls wait inside of the engine.
const QueueLength = queueLength
