import java.io.FileInputStream;
import java.io.InputStream;
import java.util.*;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.*;

/**
 * Holds PDF files against PDF/UA-1 with the veraPDF library: java -cp JAR VeraCheck.java FILE.pdf...
 * Prints for each file a line of file, number of checks and number of failed rules, and below it a
 * line for each failed rule: its number, how often it failed, what it says, where first. All parts
 * are divided by tabs. A file that cannot be read ends the run with an error.
 */
public class VeraCheck {
    static final PDFAFlavour UA1 = PDFAFlavour.byFlavourId("ua1");
    static final String PROFILE = "/org/verapdf/pdfa/validation/PDFUA-1.xml";

    static List<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) elements.add((Element) found.item(i));
        return elements;
    }

    static Element child(Element parent, String name) {
        return (Element) parent.getElementsByTagName(name).item(0);
    }

    static String text(Element parent, String name) {
        Element found = child(parent, name);
        return found == null ? "" : found.getTextContent();
    }

    static List<ErrorArgument> arguments(Element rule) {
        List<ErrorArgument> arguments = new ArrayList<>();
        NodeList found = rule.getElementsByTagName("argument");
        for (int i = 0; i < found.getLength(); i++)
            arguments.add(ErrorArgumentImpl.fromValues(found.item(i).getTextContent(), null, null));
        return arguments;
    }

    static Rule rule(Element rule) {
        Element id = child(rule, "id");
        return Profiles.ruleFromValues(
            Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
            rule.getAttribute("object"), Boolean.valueOf(rule.getAttribute("deferred")),
            rule.getAttribute("tags"), text(rule, "description"), text(rule, "test"),
            Profiles.errorFromValues(text(rule, "message"), arguments(rule)), List.of());
    }

    static Variable variable(Element variable) {
        return Profiles.variableFromValues(variable.getAttribute("name"), variable.getAttribute("object"),
            text(variable, "defaultValue"), text(variable, "value"));
    }

    /** The profile, read with Java's own parser: the library's reader needs JAXB, which Java 11 dropped. */
    static ValidationProfile profile() throws Exception {
        try (InputStream stream = ValidationProfile.class.getResourceAsStream(PROFILE)) {
            Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream);
            Set<Rule> rules = new HashSet<>();
            for (Element each : elements(xml, "rule")) rules.add(rule(each));
            Set<Variable> variables = new HashSet<>();
            for (Element each : elements(xml, "variable")) variables.add(variable(each));
            if (rules.isEmpty()) throw new IllegalStateException("the profile has no rules");
            return Profiles.profileFromValues(UA1,
                Profiles.profileDetailsFromValues("PDF/UA-1", "", "", new Date(0)), "", rules, variables);
        }
    }

    static void check(String file, ValidationProfile profile) throws Exception {
        Map<String, List<TestAssertion>> failed = new TreeMap<>();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), UA1);
             PDFAValidator validator = ValidatorFactory.createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion each : result.getTestAssertions())
                if (each.getStatus() == TestAssertion.Status.FAILED)
                    failed.computeIfAbsent(number(each.getRuleId()), key -> new ArrayList<>()).add(each);
            if (result.isCompliant() != failed.isEmpty())
                throw new IllegalStateException(file + ": the verdict is not that of the rules");
            System.out.printf("%s\t%d\t%d%n", file, result.getTotalAssertions(), failed.size());
        }
        failed.forEach((rule, all) -> System.out.printf("%s\t%d\t%s\t%s%n", rule, all.size(),
            all.get(0).getMessage().replaceAll("\\s+", " "), all.get(0).getLocation().getContext()));
    }

    static String number(RuleId rule) {
        return rule.getClause() + "-" + rule.getTestNumber();
    }

    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile();
        for (String file : files) check(file, profile);
    }
}
