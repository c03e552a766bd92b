import { makeDateReader } from "./world/date-texts.ts";
import { reviseDates } from "./world/dates.ts";
import { makeDefinition } from "./world/definition.ts";
import { makeEmissions } from "./world/emissions.ts";
import { makeEvents } from "./world/events.ts";
import { makeFatal } from "./world/fatal.ts";
import { makeJsonReader } from "./world/json-reader.ts";
import { makeJsonWriter } from "./world/json-writer.ts";
import { restrictLanguage } from "./world/language.ts";
import { numberText } from "./world/number-text.ts";
import { reviseNumbers } from "./world/numbers.ts";
import { revisePowers } from "./world/powers.ts";
import { reviseTexts } from "./world/texts.ts";
import { makeWorld } from "./world/world.ts";

/**
 * The text of a function that builds a {@link World} inside a sandbox.
 *
 * What lies in `world/` is written, checked and linted like the rest, but runs in the sandbox: its functions are taken as text
 * and put in one scope, where they find each other by name as their imports say. So none of them may use anything else of its
 * module, and a bundler must not rename them.
 */
export const worldSource = `(function () {
"use strict";
${[makeDateReader, makeDefinition, makeEmissions, makeEvents, makeFatal, makeJsonReader, makeJsonWriter, numberText, restrictLanguage, reviseDates, reviseNumbers, revisePowers, reviseTexts, makeWorld].join("\n")}
return makeWorld;
})()`;
