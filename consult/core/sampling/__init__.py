"""Who gets a place at an event: targets, classes, the draw with its public record, the waiting list."""
