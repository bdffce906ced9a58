//! Groups of packages whose archives don't say them: those that are not built by Maven.

/// How names begin, up to a hyphen or the end, and the group; sorted, and the longest that fits counts.
const GROUPS: &[(&str, &str)] = &[
    ("activemq", "org.apache.activemq"),
    ("ant", "org.apache.ant"),
    ("caffeine", "com.github.ben-manes.caffeine"),
    ("elasticsearch", "org.elasticsearch"),
    ("flyway-core", "org.flywaydb"),
    ("hibernate-core", "org.hibernate"),
    ("hibernate-validator", "org.hibernate.validator"),
    ("http4s", "org.http4s"),
    ("ivy", "org.apache.ivy"),
    ("junit-jupiter", "org.junit.jupiter"),
    ("junit-platform", "org.junit.platform"),
    ("kafka-clients", "org.apache.kafka"),
    ("kotlin", "org.jetbrains.kotlin"),
    ("kotlinx-coroutines", "org.jetbrains.kotlinx"),
    ("kotlinx-serialization", "org.jetbrains.kotlinx"),
    ("ktor", "io.ktor"),
    ("logging-interceptor", "com.squareup.okhttp3"),
    ("lombok", "org.projectlombok"),
    ("lucene", "org.apache.lucene"),
    ("micrometer", "io.micrometer"),
    ("mockito", "org.mockito"),
    ("okhttp", "com.squareup.okhttp3"),
    ("okio", "com.squareup.okio"),
    ("opensearch", "org.opensearch"),
    ("poi", "org.apache.poi"),
    ("reactor-core", "io.projectreactor"),
    ("reactor-netty", "io.projectreactor.netty"),
    ("retrofit", "com.squareup.retrofit2"),
    ("solr-core", "org.apache.solr"),
    ("solr-solrj", "org.apache.solr"),
    ("spring-amqp", "org.springframework.amqp"),
    ("spring-aop", "org.springframework"),
    ("spring-aspects", "org.springframework"),
    ("spring-batch", "org.springframework.batch"),
    ("spring-beans", "org.springframework"),
    ("spring-boot", "org.springframework.boot"),
    ("spring-context", "org.springframework"),
    ("spring-core", "org.springframework"),
    ("spring-data", "org.springframework.data"),
    ("spring-expression", "org.springframework"),
    ("spring-integration", "org.springframework.integration"),
    ("spring-jcl", "org.springframework"),
    ("spring-jdbc", "org.springframework"),
    ("spring-jms", "org.springframework"),
    ("spring-kafka", "org.springframework.kafka"),
    ("spring-ldap-core", "org.springframework.ldap"),
    ("spring-messaging", "org.springframework"),
    ("spring-orm", "org.springframework"),
    ("spring-oxm", "org.springframework"),
    ("spring-rabbit", "org.springframework.amqp"),
    ("spring-retry", "org.springframework.retry"),
    ("spring-security", "org.springframework.security"),
    ("spring-session", "org.springframework.session"),
    ("spring-test", "org.springframework"),
    ("spring-tx", "org.springframework"),
    ("spring-web", "org.springframework"),
    ("spring-webflux", "org.springframework"),
    ("spring-webmvc", "org.springframework"),
    ("spring-websocket", "org.springframework"),
    ("spring-ws", "org.springframework.ws"),
    ("tomcat-embed", "org.apache.tomcat.embed"),
    ("tomcat-jdbc", "org.apache.tomcat"),
];

/// The group of a package that is well known by its name.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    let mut end = name.len();
    loop {
        let start = name.get(..end)?;
        if let Ok(found) = GROUPS.binary_search_by(|(known, _)| (*known).cmp(start)) {
            return GROUPS.get(found).map(|(_, group)| *group);
        }
        end = start.rfind('-')?;
    }
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, known};

    #[test]
    fn the_longest_beginning_counts() {
        assert!(GROUPS.is_sorted());
        assert_eq!(known("spring-web"), Some("org.springframework"));
        assert_eq!(known("spring-boot-starter-web"), Some("org.springframework.boot"));
        assert_eq!(known("spring-security-core"), Some("org.springframework.security"));
        assert_eq!((known("spring"), known("webflux"), known("")), (None, None, None));
    }
}
