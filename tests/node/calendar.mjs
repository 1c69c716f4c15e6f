// Reads a calendar from the standard input as ical.js (Thunderbird's) does, and writes its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    start: event.startDate.toString(),
    end: event.endDate.toString(),
    wholeDays: event.startDate.isDate && event.endDate.isDate,
    status: component.getFirstPropertyValue("status"),
    url: component.getFirstPropertyValue("url"),
    groups: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    stamp: component.getFirstPropertyValue("dtstamp").toString(),
  };
});
console.log(JSON.stringify(events));
