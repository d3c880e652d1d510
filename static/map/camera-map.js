/*
 * Map of camera sites that needs no tile server: clusters from our own address over the office's own file with
 * boundary, neighbourhoods, roads and place names (where there is one) and a grid of latitude and longitude.
 *
 * <div data-camera-map
 *      data-points-url="…"      JSON, asked with ?bbox=west,south,east,north&zoom=n
 *      data-points-method="post" asks in the body, so that no log says where somebody looks
 *      data-outline-url="…"     GeoJSON: a geometry, or features with kind and name; or left out
 *      data-bounds="w,s,e,n"    first view, or left out
 *      data-query="purpose=…"   further query of the list, or left out
 *      data-list="#id"          list that says the same in words: every place in view, for keyboard and reader
 *      data-status="#id"        live region that says how many
 *      data-focus="lat,lng"     opens there instead
 *      data-deep-links          the address bar holds #zoom/lat/lng, which opens the same view again
 *      data-near="#button"      a hidden button that shows the browser's position; it leaves the browser in no address
 *      data-point="lat,lng"     one fixed place instead of clusters (small map of a page)
 *      data-pick="#lat,#lng"    inputs that follow a click on the map (form of a site)
 * ></div>
 *
 * Answer of the points address:
 * {"clusters": [{"latitude", "longitude", "count", "cameras"}],
 *  "sites": [{"latitude", "longitude", "title", "detail", "url", "cameras"}], "total": n}
 */
(function () {
  "use strict";

  const SEOUL = [37.5509, 126.8495];
  const KOREAN = new Intl.NumberFormat("ko-KR");
  /* What the map says in words, in the language of the page. */
  const SAYINGS = {
    ko: {
      cameras: (count) => "카메라 " + count + "대",
      zoomIn: "확대",
      zoomOut: "축소",
      failed: "지도 자료를 불러오지 못했습니다. 잠시 뒤 다시 움직여 보십시오.",
      inView: (count) => "지도에 보이는 설치장소 " + count + "곳",
      nothing: "지도에 보이는 설치장소가 없습니다. 지도를 축소하거나 옮겨 보십시오.",
      cluster: (place, count) => place + " 부근 설치장소 " + count + "곳, 확대",
      nearby: (place, count) => place + " 부근 " + count + "곳 확대",
      sample: "표본 밑그림: 실제 경계와 길이 아닙니다",
      here: "내 위치",
      denied: "브라우저가 위치를 알려 주지 않았습니다.",
    },
    en: {
      cameras: (count) => count + (count === "1" ? " camera" : " cameras"),
      zoomIn: "Zoom in",
      zoomOut: "Zoom out",
      failed: "The map could not be loaded. Please move it again in a moment.",
      inView: (count) => count + " sites in view",
      nothing: "No site in view. Zoom out or move the map.",
      cluster: (place, count) => count + " sites near " + place + ", zoom in",
      nearby: (place, count) => count + " sites near " + place + ", zoom in",
      sample: "Sample sketch: not the real boundary and roads",
      here: "Your position",
      denied: "Your browser gave no position.",
    },
  };
  const SAY = SAYINGS[document.documentElement.lang] || SAYINGS.ko;

  /* Titles come from the register: on a page in another language a reader must know that they are Korean. */
  function markKorean(element, text) {
    if (document.documentElement.lang !== "ko" && /[가-힣]/.test(text)) element.lang = "ko";
  }

  function addText(parent, tag, text, className) {
    const element = document.createElement(tag);
    element.textContent = text;
    markKorean(element, text);
    if (className) element.className = className;
    parent.appendChild(element);
    return element;
  }

  /* Lines of latitude and longitude drawn tile by tile, so that an empty map still shows place and scale. */
  const Graticule = L.GridLayer.extend({
    createTile: function (coords) {
      const tile = document.createElement("div");
      tile.className = "camera-map__tile";
      const corner = this._map.unproject(coords.scaleBy(this.getTileSize()), coords.z);
      const digits = coords.z > 13 ? 3 : coords.z > 9 ? 2 : 1;
      addText(tile, "span", corner.lat.toFixed(digits) + "°, " + corner.lng.toFixed(digits) + "°");
      tile.setAttribute("aria-hidden", "true");
      return tile;
    },
  });

  /* The number is drawn by the style sheet: what a reader hears is the marker's whole label. */
  function countHtml(text) {
    return '<span data-count="' + text + '"></span>';
  }

  function clusterIcon(cluster) {
    const size = cluster.count < 10 ? 34 : cluster.count < 100 ? 42 : cluster.count < 1000 ? 50 : 60;
    return L.divIcon({
      className: "camera-map__cluster",
      html: countHtml(KOREAN.format(cluster.count)),
      iconSize: [size, size],
    });
  }

  function siteIcon(cameras) {
    return L.divIcon({
      className: "camera-map__site",
      html: countHtml(cameras > 1 ? KOREAN.format(cameras) : ""),
      iconSize: [24, 24],
    });
  }

  function siteLabel(site) {
    return site.title + (site.cameras ? ", " + SAY.cameras(KOREAN.format(site.cameras)) : "");
  }

  function popup(site) {
    const box = document.createElement("div");
    if (site.url) {
      const link = addText(box, "a", site.title);
      link.href = site.url;
    } else {
      addText(box, "strong", site.title);
    }
    if (site.detail) addText(box, "p", site.detail);
    if (site.cameras) addText(box, "p", SAY.cameras(KOREAN.format(site.cameras)));
    return box;
  }

  function nearest(cluster) {
    return cluster.label || cluster.latitude.toFixed(4) + "°, " + cluster.longitude.toFixed(4) + "°";
  }

  class CameraMap {
    constructor(element) {
      this.element = element;
      this.options = element.dataset;
      this.list = this.options.list && document.querySelector(this.options.list);
      this.status = this.options.status && document.querySelector(this.options.status);
      this.asked = 0;
      this.map = L.map(element, {
        zoomControl: false,
        attributionControl: false,
        minZoom: 6,
        maxZoom: 19,
        scrollWheelZoom: !this.options.point,
        // Half faded in, the coordinates are too pale to be read.
        fadeAnimation: false,
        zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      });
      L.control.zoom({ zoomInTitle: SAY.zoomIn, zoomOutTitle: SAY.zoomOut }).addTo(this.map);
      L.control.scale({ imperial: false }).addTo(this.map);
      // By keyboard the buttons come before the places, of which there may be many.
      element.prepend(element.querySelector(".leaflet-control-container"));
      this.marks = L.layerGroup().addTo(this.map);
      this.labels = this.map.createPane("labels");
      this.labels.setAttribute("aria-hidden", "true");
      this.setFirstView();
      this.showZoom();
      this.map.on("zoomend", () => this.showZoom());
      new Graticule({ pane: "tilePane" }).addTo(this.map);
      this.drawOutline();
      if (this.options.point) this.drawPoint();
      if (this.options.pick) this.followPicks();
      if (this.options.near) this.offerPosition(document.querySelector(this.options.near));
      if ("deepLinks" in this.options) this.keepAddress();
      if (this.options.pointsUrl) {
        this.map.on("moveend", () => this.load());
        this.load();
      }
      new ResizeObserver(() => this.map.invalidateSize()).observe(element);
    }

    setFirstView() {
      if (this.options.point) {
        this.map.setView(this.options.point.split(",").map(Number), 16);
      } else if ("deepLinks" in this.options && this.viewOfAddress()) {
        this.map.setView(...this.viewOfAddress());
      } else if (this.options.focus) {
        const at = this.options.focus.split(",").map(Number);
        this.map.setView(at, 16);
        this.markHere(at, this.options.focusLabel || "");
      } else if (this.options.bounds) {
        const [west, south, east, north] = this.options.bounds.split(",").map(Number);
        this.map.fitBounds([[south, west], [north, east]], { padding: [16, 16], maxZoom: 16 });
      } else {
        this.map.setView(SEOUL, 13);
      }
    }

    /* #16/37.55000/126.84000, and nothing else. */
    viewOfAddress() {
      const found = /^#(\d{1,2})\/(-?\d{1,2}\.\d+)\/(-?\d{1,3}\.\d+)$/.exec(window.location.hash);
      return found && [[Number(found[2]), Number(found[3])], Math.min(Number(found[1]), 19)];
    }

    keepAddress() {
      this.map.on("moveend", () => {
        if (this.isAtOwnPosition) return;
        const at = this.map.getCenter();
        const view = [this.map.getZoom(), at.lat.toFixed(5), at.lng.toFixed(5)].join("/");
        window.history.replaceState(null, "", "#" + view);
      });
      window.addEventListener("hashchange", () => {
        const view = this.viewOfAddress();
        if (view) this.map.setView(...view);
      });
    }

    /* The own position stays in the browser: it is put into no address, and what is in view is asked for in the body. */
    offerPosition(button) {
      if (!button || !navigator.geolocation || !window.isSecureContext) return;
      button.hidden = false;
      button.addEventListener("click", () => {
        navigator.geolocation.getCurrentPosition(
          (answer) => {
            const at = [answer.coords.latitude, answer.coords.longitude];
            this.isAtOwnPosition = true;
            this.map.setView(at, 17);
            this.markHere(at, SAY.here);
            this.map.once("dragend zoomend", () => {
              this.isAtOwnPosition = false;
            });
          },
          () => this.say(SAY.denied),
          { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
        );
      });
    }

    markHere(at, text) {
      if (this.here) this.here.remove();
      this.here = L.marker(at, {
        icon: L.divIcon({ className: "camera-map__here", iconSize: [20, 20] }),
        keyboard: false,
        interactive: false,
      }).addTo(this.map);
      if (text) this.here.bindTooltip(text, { permanent: true, direction: "top", offset: [0, -10] });
    }

    /* How much of the names is shown is said to the style sheet. */
    showZoom() {
      const zoom = this.map.getZoom();
      this.element.dataset.view = zoom < 14 ? "far" : zoom < 16 ? "middle" : "near";
    }

    drawOutline() {
      if (!this.options.outlineUrl) return;
      fetch(this.options.outlineUrl, { credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((base) => {
          if (base) this.drawBase(base);
        })
        .catch(() => {});
    }

    drawBase(base) {
      const kindOf = (feature) => (feature.properties && feature.properties.kind) || "outline";
      const areas = L.geoJSON(base, {
        interactive: false,
        filter: (feature) => !feature.geometry || feature.geometry.type !== "Point",
        style: (feature) => ({ className: "camera-map__outline camera-map__outline--" + kindOf(feature) }),
        onEachFeature: (feature, layer) => this.drawName(feature, layer),
      }).addTo(this.map);
      (base.features || [])
        .filter((feature) => feature.geometry.type === "Point")
        .forEach((feature) => {
          const [longitude, latitude] = feature.geometry.coordinates;
          this.drawLabel([latitude, longitude], feature.properties.kind, feature.properties.name);
        });
      if (base.sample) {
        L.control.attribution({ prefix: false }).addAttribution(SAY.sample).addTo(this.map);
      }
      if ("fitOutline" in this.options) this.map.fitBounds(areas.getBounds(), { padding: [8, 8] });
    }

    /* A road's name stands on each of its parts, a neighbourhood's in its middle. */
    drawName(feature, layer) {
      const name = feature.properties && feature.properties.name;
      if (!name) return;
      if (feature.properties.kind !== "road") {
        this.drawLabel(layer.getBounds().getCenter(), feature.properties.kind, name);
        return;
      }
      feature.geometry.coordinates.forEach((part) => {
        const [first, last] = [part[Math.floor((part.length - 1) / 2)], part[Math.ceil((part.length - 1) / 2) || 1]];
        const middle = part.length === 2 ? [(first[1] + part[1][1]) / 2, (first[0] + part[1][0]) / 2] : [last[1], last[0]];
        this.drawLabel(middle, "road", name);
      });
    }

    drawLabel(at, kind, name) {
      const label = document.createElement("span");
      label.textContent = name;
      L.marker(at, {
        icon: L.divIcon({ className: "camera-map__label camera-map__label--" + kind, html: label, iconSize: null }),
        pane: "labels",
        keyboard: false,
        interactive: false,
      }).addTo(this.map);
    }

    drawPoint() {
      L.marker(this.options.point.split(",").map(Number), {
        icon: siteIcon(1),
        keyboard: false,
        interactive: false,
      }).addTo(this.map);
    }

    followPicks() {
      const [latitude, longitude] = this.options.pick
        .split(",")
        .map((selector) => document.querySelector(selector));
      const mark = L.marker(this.map.getCenter(), { icon: siteIcon(1), keyboard: false });
      const show = () => {
        const at = [Number(latitude.value), Number(longitude.value)];
        if (latitude.value && longitude.value && at.every(Number.isFinite)) {
          mark.setLatLng(at).addTo(this.map);
          if (!this.map.getBounds().contains(at)) this.map.panTo(at);
        } else {
          mark.remove();
        }
      };
      this.map.on("click", (event) => {
        latitude.value = event.latlng.lat.toFixed(6);
        longitude.value = event.latlng.lng.toFixed(6);
        show();
      });
      if (latitude.value && longitude.value) this.map.setView([Number(latitude.value), Number(longitude.value)], 16);
      latitude.addEventListener("change", show);
      longitude.addEventListener("change", show);
      show();
    }

    question() {
      const bounds = this.map.getBounds();
      const query = new URLSearchParams(this.options.query || "");
      query.set("bbox", [
        bounds.getWest().toFixed(6),
        bounds.getSouth().toFixed(6),
        bounds.getEast().toFixed(6),
        bounds.getNorth().toFixed(6),
      ].join(","));
      query.set("zoom", String(this.map.getZoom()));
      return query;
    }

    ask(signal) {
      const options = { credentials: "same-origin", signal: signal };
      if (this.options.pointsMethod !== "post") {
        return fetch(this.options.pointsUrl + "?" + this.question().toString(), options);
      }
      return fetch(this.options.pointsUrl, { ...options, method: "POST", body: this.question() });
    }

    load() {
      const turn = ++this.asked;
      if (this.aborter) this.aborter.abort();
      this.aborter = new AbortController();
      this.ask(this.aborter.signal)
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .then((answer) => {
          if (turn === this.asked) this.draw(answer);
        })
        .catch((error) => {
          if (error.name !== "AbortError") this.say(SAY.failed);
        });
    }

    draw(answer) {
      this.marks.clearLayers();
      answer.clusters.forEach((cluster) => this.drawCluster(cluster));
      answer.sites.forEach((site) => this.drawSite(site));
      if (this.list) this.fillList(answer);
      this.say(
        answer.total
          ? SAY.inView(KOREAN.format(answer.total))
          : SAY.nothing,
      );
    }

    drawCluster(cluster) {
      const text = SAY.cluster(nearest(cluster), KOREAN.format(cluster.count));
      const mark = L.marker([cluster.latitude, cluster.longitude], {
        icon: clusterIcon(cluster),
        alt: text,
      });
      mark.on("click", () => this.zoomTo(cluster));
      mark.addTo(this.marks);
      this.name(mark, text);
    }

    drawSite(site) {
      const mark = L.marker([site.latitude, site.longitude], {
        icon: siteIcon(site.cameras),
        alt: siteLabel(site),
      });
      mark.bindPopup(() => popup(site));
      mark.addTo(this.marks);
      this.name(mark, siteLabel(site));
    }

    /* Leaflet makes the mark a focusable button; a div has no alt, so it needs a name of its own. */
    name(mark, text) {
      const element = mark.getElement();
      if (!element) return;
      element.setAttribute("aria-label", text);
      element.removeAttribute("alt");
      markKorean(element, text);
    }

    zoomTo(cluster) {
      this.map.setView(
        [cluster.latitude, cluster.longitude],
        Math.min(this.map.getZoom() + 2, this.map.getMaxZoom()),
      );
    }

    fillList(answer) {
      this.list.replaceChildren();
      [...answer.clusters].sort((one, other) => nearest(one).localeCompare(nearest(other), "ko")).forEach((cluster) => {
        const item = addText(this.list, "li", "");
        const button = addText(
          item,
          "button",
          SAY.nearby(nearest(cluster), KOREAN.format(cluster.count)),
        );
        button.type = "button";
        button.addEventListener("click", () => {
          this.zoomTo(cluster);
          this.list.setAttribute("tabindex", "-1");
          this.list.focus({ preventScroll: true });
        });
      });
      answer.sites.forEach((site) => {
        const item = addText(this.list, "li", "");
        if (site.url) addText(item, "a", site.title).href = site.url;
        else addText(item, "span", site.title);
        const rest = [site.detail, site.cameras ? SAY.cameras(KOREAN.format(site.cameras)) : ""];
        addText(item, "span", rest.filter(Boolean).join(" · "), "camera-map__detail");
      });
    }

    say(text) {
      if (this.status) this.status.textContent = text;
    }
  }

  function start() {
    document.querySelectorAll("[data-camera-map]").forEach((element) => {
      element.cameraMap = new CameraMap(element);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
