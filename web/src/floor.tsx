import "./style/app.css";
import "./style/floor.css";
import { mountPage } from "./app/page.js";
import { t } from "./app/words.js";
import { createFloorClient } from "./floor/client.js";
import { FloorPage } from "./floor/floor-page.js";

void mountPage("floor", {
  languages: { en: () => import("./floor/english.js"), de: () => import("./floor/german.js") },
  connect: createFloorClient,
  title: () => t("page.floor"),
  Page: FloorPage,
});
