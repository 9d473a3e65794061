import "./style/app.css";
import "./style/floor.css";
import { mountPage } from "./app/page.js";
import { t } from "./app/words.js";
import { FloorPage } from "./floor/floor-page.js";

mountPage("floor", () => t("page.floor"), FloorPage);
