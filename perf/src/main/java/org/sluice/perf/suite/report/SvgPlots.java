package org.sluice.perf.suite.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** The plots of a report as SVG files. Needs the java.desktop module, but no display. */
public final class SvgPlots {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 480;

    private SvgPlots() {}

    /** @return whether this runtime can draw; the one that comes with the Debian package can't. */
    public static boolean isPossible() {
        return ModuleLayer.boot().findModule("java.desktop").isPresent();
    }

    /** Writes a file for each plot. @return how many. */
    public static int write(Report report, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(directory);
        int count = 0;
        for (Table table : report.tables()) {
            for (Plot plot : table.plots()) {
                // the encoder adds the suffix
                VectorGraphicsEncoder.saveVectorGraphic(chart(plot), directory.resolve(plot.name()).toString(),
                        VectorGraphicsFormat.SVG);
                count++;
            }
        }
        return count;
    }

    private static XYChart chart(Plot plot) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(plot.title())
                .xAxisTitle(plot.horizontal()).yAxisTitle(plot.vertical()).build();
        chart.getStyler().setXAxisLogarithmic(plot.logarithmic()).setYAxisMin(0.0)
                .setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        for (Plot.Line line : plot.lines()) {
            chart.addSeries(line.name(), line.x(), line.y());
        }
        return chart;
    }
}
