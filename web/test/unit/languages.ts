import * as deskEnglish from "../../src/desk/english.js";
import * as deskGerman from "../../src/desk/german.js";
import * as floorEnglish from "../../src/floor/english.js";
import * as floorGerman from "../../src/floor/german.js";
import { learn } from "../../src/app/locale.js";

// Pages load the texts of the language that they are in; tests have those of all pages and languages.
learn("en", { ...deskEnglish, ...floorEnglish });
learn("de", { ...deskGerman, ...floorGerman });
