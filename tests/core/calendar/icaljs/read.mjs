// Reads a calendar file from standard input as Thunderbird does, and writes what it found there as JSON.
import { readFileSync } from "node:fs";
import ICAL from "./ical.mjs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const found = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    title: event.summary,
    description: event.description ?? "",
    starts: event.startDate.toUnixTime(),
    ends: event.endDate.toUnixTime(),
    clock: event.startDate.toString(),
    properties: component.getAllProperties().map((property) => property.name),
  };
});
process.stdout.write(JSON.stringify(found));
