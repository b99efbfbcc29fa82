import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/marks.css";
import "./styles/panels.css";
import "./styles/types.css";
import "./styles/list.css";
import "./styles/job.css";
import { App } from "./app.tsx";
import { takeToken } from "./data/token.ts";
import { startNavigation } from "./navigation.ts";

takeToken();
startNavigation();
const root = document.getElementById("page");
if (root !== null) render(<App />, root);
